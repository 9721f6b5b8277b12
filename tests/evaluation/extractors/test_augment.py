import numpy as np
import pytest

from painting.evaluation.extractors.augment import Augmentation, augment, random_flip, random_warp
from painting.images import UInt8Array


def dots(count: int, side: int = 28) -> UInt8Array:
    """A black picture with a bright square of 4 px in its middle."""
    pictures = np.zeros((count, side, side, 3), np.uint8)
    pictures[:, side // 2 - 2 : side // 2 + 2, side // 2 - 2 : side // 2 + 2] = 255
    return pictures


@pytest.mark.parametrize("augmentation", ["mirrored", "warped"])
def test_the_same_generator_augments_alike_and_leaves_the_pictures_alone(augmentation: Augmentation) -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (20, 9, 9, 3), np.uint8)
    before = pictures.copy()
    one, other, third = (augment(pictures, augmentation, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, other)
    assert not np.array_equal(one, third)
    assert one.shape == pictures.shape
    assert one.dtype == np.uint8
    np.testing.assert_array_equal(pictures, before)


def test_mirrored_pictures_are_themselves_or_their_mirror_image() -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (100, 4, 4, 3), np.uint8)
    varied = random_flip(pictures, np.random.default_rng(1))
    same = (varied == pictures).all(axis=(1, 2, 3))
    turned = (varied == pictures[:, :, ::-1]).all(axis=(1, 2, 3))
    assert (same != turned).all()
    assert 30 < turned.sum() < 70


def test_warped_pictures_move_by_about_two_pixels_both_ways() -> None:
    varied = random_warp(dots(400), np.random.default_rng(0))[..., 0].astype(float)
    places = np.arange(28)
    for axis in (1, 2):
        light = varied.sum(axis=3 - axis)  # (N, S)
        centres = (light * places).sum(axis=1) / light.sum(axis=1) - 13.5
        assert 1.5 < np.abs(centres).max() < 3.5
        assert abs(centres.mean()) < 0.2
        assert 1.0 < centres.std() < 1.6


def test_warped_pictures_keep_about_their_light() -> None:
    pictures = dots(400)
    ratio = random_warp(pictures, np.random.default_rng(0)).sum(axis=(1, 2, 3)) / pictures.sum(axis=(1, 2, 3))
    assert ratio.min() > 0.7
    assert ratio.max() < 1.4
    assert ratio.mean() == pytest.approx(1, abs=0.05)


def test_what_a_warped_picture_leaves_is_filled_with_its_border() -> None:
    pictures = np.full((50, 12, 12, 3), 90, np.uint8)
    np.testing.assert_array_equal(random_warp(pictures, np.random.default_rng(0)), pictures)


def test_the_three_channels_move_together() -> None:
    varied = random_warp(dots(10), np.random.default_rng(0))
    np.testing.assert_array_equal(varied[..., 0], varied[..., 2])
