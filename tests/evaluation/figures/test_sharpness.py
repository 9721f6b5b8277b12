import numpy as np

from painting.evaluation.extractors.pixels import Pixels
from painting.evaluation.figures.distribution import FeatureSample
from painting.evaluation.figures.sharpness import sharpness_figure
from painting.images import FloatArray


def test_sharpness_is_the_mean_of_painted_pictures_beside_that_of_real_ones() -> None:
    painted: FloatArray = np.array([[10.0], [20.0]], np.float32)
    real: FloatArray = np.array([[30.0], [50.0]], np.float32)
    figure = sharpness_figure(FeatureSample(Pixels(), "test", 3, painted, real, (real, real), "", (real, real)))
    assert (figure.id, figure.value, figure.real) == ("sharpness", 15, 40)
    assert (figure.n, figure.seed, figure.extractor, figure.split) == (2, 3, "pixels", "test")
    assert figure.metric.faults == ("blur", "noise")
