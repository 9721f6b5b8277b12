"""Sharpness as a figure: the mean absolute Laplacian of pictures, lower for blurred ones, higher for noisy ones."""

import numpy as np

from painting.data.array_cache import Rows
from painting.evaluation.figure import Figure, Metric
from painting.evaluation.figures.distribution import FeatureSample

SHARPNESS_METRIC = Metric(
    id="sharpness",
    name="sharpness",
    meaning="How much fine detail there is (mean absolute Laplacian); far less than real: blurred; far more: noisy.",
    better="like real",
    faults=("blur", "noise"),
)


def sharpness_figure(sample: FeatureSample) -> Figure:
    """The mean of a sample's features by the pixel extractor, painted beside real."""
    return sample.figure(
        SHARPNESS_METRIC,
        _mean(sample.painted),
        _mean(sample.real),
        f"The mean absolute Laplacian of luminance, in levels of 255, of {sample.n} pictures; real: as many.",
    )


def _mean(features: Rows) -> float:
    return float(features[:].mean(dtype=np.float64))
