import numpy as np
import pytest
import torch
from tests.evaluation.reference import AsGiven, given
from torchmetrics.image.inception import InceptionScore

from painting.evaluation.metrics.inception_score import inception_score


def test_uniform_predictions_score_one() -> None:
    assert inception_score([np.full((30, 8), 1 / 8, np.float32)]) == pytest.approx(1)


def test_sure_and_even_predictions_score_the_number_of_classes() -> None:
    assert inception_score([np.eye(8, dtype=np.float32)] * 4) == pytest.approx(8)


def test_sure_predictions_of_one_class_score_one() -> None:
    assert inception_score([np.eye(8, dtype=np.float32)[[3] * 20]]) == pytest.approx(1)


@pytest.mark.filterwarnings("ignore:std\\(\\)", "ignore:Metric `InceptionScore` will save")
def test_blocks_and_order_do_not_matter_and_it_agrees_with_torchmetrics() -> None:
    logits = np.random.default_rng(0).normal(0, 2, (120, 10)).astype(np.float32)
    probabilities = torch.from_numpy(logits).softmax(1).numpy()
    whole = inception_score([probabilities])
    assert inception_score(np.split(probabilities[::-1], 6)) == pytest.approx(whole, rel=1e-6)
    reference = InceptionScore(feature=AsGiven(), splits=1)
    reference.update(given(logits))
    assert whole == pytest.approx(float(reference.compute()[0]), rel=1e-3)
