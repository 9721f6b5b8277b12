import numpy as np
import pytest
import torch
from torchmetrics.functional.image import multiscale_structural_similarity_index_measure as reference

from painting.evaluation.metrics.ms_ssim import ms_ssim
from painting.images import UInt8Array


def smooth(count: int, size: int, seed: int) -> UInt8Array:
    """Pictures with detail on all scales."""
    draws = np.random.default_rng(seed)
    total = np.zeros((count, size, size, 3))
    for scale in (1, 2, 4, 8, 16):
        coarse = draws.normal(0, scale, (count, size // scale, size // scale, 3))
        total += coarse.repeat(scale, axis=1).repeat(scale, axis=2)
    return np.clip(128 + 3 * total, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("size", [16, 64])
def test_a_picture_is_wholly_like_itself(size: int) -> None:
    pictures = smooth(3, size, 0)
    np.testing.assert_allclose(ms_ssim(pictures, pictures), 1, rtol=1e-4)


def test_noise_makes_pictures_less_alike_the_more_there_is() -> None:
    pictures = smooth(70, 32, 0)  # more than a batch
    noise = np.random.default_rng(1).normal(0, 1, pictures.shape)
    noisy = [np.clip(pictures + strength * noise, 0, 255).astype(np.uint8) for strength in (5, 20, 60)]
    means = [ms_ssim(pictures, other).mean() for other in noisy]
    assert 1 > means[0] > means[1] > means[2] > 0


def test_which_comes_first_does_not_matter_and_others_are_hardly_alike() -> None:
    one, other = smooth(5, 64, 0), smooth(5, 64, 1)
    np.testing.assert_allclose(ms_ssim(one, other), ms_ssim(other, one), rtol=1e-4)
    assert ms_ssim(one, other).mean() < 0.3


def test_where_no_window_has_to_shrink_it_agrees_with_torchmetrics() -> None:
    one = smooth(3, 192, 0)
    other = np.clip(one + np.random.default_rng(1).normal(0, 25, one.shape), 0, 255).astype(np.uint8)
    given = [torch.from_numpy(pictures).permute(0, 3, 1, 2).double() for pictures in (one, other)]
    wanted = [float(reference(x[None], y[None], data_range=255.0)) for x, y in zip(*given, strict=True)]
    np.testing.assert_allclose(ms_ssim(one, other), wanted, rtol=1e-3)
