import io

import numpy as np
import pytest
from PIL import Image, ImageCms
from tests.data.decoding.icc import (
    ADOBE_RGB,
    DISPLAY_P3,
    PROPHOTO,
    SRGB_PRIMARIES,
    Primaries,
    gray_profile,
    rgb_profile,
)

from painting.data.decoding.color_profile import BadProfile, gamma_to_srgb, lab_to_srgb, to_srgb

RED = (200, 40, 60)


def srgb_of(profile: bytes, color: tuple[int, ...] = RED, mode: str = "RGB") -> tuple[int, ...] | None:
    converted = to_srgb(Image.new(mode, (20, 20), color if len(color) > 1 else color[0]), profile)
    if converted is None:
        return None
    value = converted.getpixel((3, 3))
    assert isinstance(value, tuple)
    return value


def expected_srgb(primaries: Primaries, gamma: float, color: tuple[int, ...]) -> np.ndarray:
    """By the definition of sRGB: to XYZ by the primaries, to linear sRGB by the inverse of its own, to its curve."""
    xyz = np.array(primaries).T @ (np.array(color) / 255) ** gamma
    linear = np.clip(np.linalg.inv(np.array(SRGB_PRIMARIES).T) @ xyz, 0, 1)
    curve = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return curve * 255


@pytest.mark.parametrize("primaries", [DISPLAY_P3, ADOBE_RGB, PROPHOTO, SRGB_PRIMARIES[1:] + SRGB_PRIMARIES[:1]])
@pytest.mark.parametrize("color", [RED, (40, 160, 60), (60, 70, 190), (250, 250, 250)])
def test_colors_are_those_of_the_profile(primaries: Primaries, color: tuple[int, ...]) -> None:
    converted = srgb_of(rgb_profile(primaries, 1.8), color)
    assert np.allclose(converted, expected_srgb(primaries, 1.8, color), atol=3)  # type: ignore[arg-type]


def test_an_srgb_profile_changes_nothing() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert srgb_of(srgb) is None


def test_srgb_primaries_with_another_gamma_are_another_profile() -> None:
    assert srgb_of(rgb_profile(SRGB_PRIMARIES, 1.0)) is not None


def test_gray_of_another_gamma_is_converted_and_stays_neutral() -> None:
    converted = srgb_of(gray_profile(1.0), (64,), "L")
    assert converted is not None and len(set(converted)) == 1 and abs(converted[0] - 137) <= 1


@pytest.mark.parametrize(
    ("profile", "mode", "reason"),
    [
        (b"no profile at all", "RGB", "is damaged"),
        (rgb_profile(DISPLAY_P3, 2.2)[:150], "RGB", "is damaged"),
        (gray_profile(2.2), "RGB", "is for GRAY instead of RGB pixels"),
        (rgb_profile(DISPLAY_P3, 2.2), "L", "is for RGB instead of L pixels"),
        (rgb_profile(DISPLAY_P3, 2.2), "CMYK", "is for RGB instead of CMYK pixels"),
        (ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes(), "RGB", "is for XYZ instead of RGB pixels"),
    ],
)
def test_a_profile_that_cannot_be_used_says_why(profile: bytes, mode: str, reason: str) -> None:
    with pytest.raises(BadProfile, match=reason):
        to_srgb(Image.new(mode, (20, 20)), profile)


def test_lab_becomes_srgb() -> None:
    lab = ImageCms.createProfile("LAB")
    red = Image.new("RGB", (20, 20), RED)
    transform = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), lab, "RGB", "LAB")
    assert np.allclose(np.asarray(lab_to_srgb(transform.apply(red)))[3, 3], RED, atol=3)


def test_profiles_are_read_from_bytes_alone() -> None:
    profile = rgb_profile(ADOBE_RGB, 2.2)
    assert ImageCms.ImageCmsProfile(io.BytesIO(profile)).profile.xcolor_space == "RGB "


@pytest.mark.parametrize(
    ("gamma", "level"), [(1.0, 188), (1 / 1.8, 146), (1 / 2.2, None), (0.45455, None), (0.0, None)]
)
def test_a_gamma_gives_the_light_that_it_means(gamma: float, level: int | None) -> None:
    converted = gamma_to_srgb(Image.new("RGB", (20, 20), (128, 0, 255)), gamma)
    assert (converted and converted.getpixel((3, 3))) == (level and (level, 0, 255))
