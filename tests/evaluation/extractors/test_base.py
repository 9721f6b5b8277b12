"""Features come the same whatever the batch, in order, and of no pictures too."""

import numpy as np
import pytest
import torch
from torch import Tensor

from painting.evaluation.extractors.base import features_in_batches
from painting.images import UInt8Array


def sums(pictures: UInt8Array) -> Tensor:
    return torch.from_numpy(pictures).float().sum((1, 2))  # (n, 3)


@pytest.mark.parametrize("batch", [1, 3, 7, 50])
def test_batches_are_joined_in_order(batch: int) -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (7, 4, 4, 3), dtype=np.uint8)
    features = features_in_batches(pictures, batch, 3, sums)
    assert np.array_equal(features, pictures.sum((1, 2), dtype=np.float32))


def test_no_pictures_have_no_features_of_the_right_width() -> None:
    features = features_in_batches(np.zeros((0, 4, 4, 3), np.uint8), 8, 3, sums)
    assert features.shape == (0, 3) and features.dtype == np.float32
