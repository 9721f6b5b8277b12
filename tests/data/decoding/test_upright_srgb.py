import numpy as np
import pytest
from PIL import Image
from tests.data.decoding.icc import ADOBE_RGB, gray_profile, rgb_profile

from painting.data.decoding.upright_srgb import BadPicture, upright_srgb

WIDE = rgb_profile(ADOBE_RGB, 2.2)
RED = (200, 40, 60)


def image(mode: str, color: object, profile: bytes | None = None) -> Image.Image:
    made = Image.new(mode, (20, 20), color)  # type: ignore[arg-type]
    if profile:
        made.info["icc_profile"] = profile
    return made


def pixel(made: Image.Image) -> tuple[int, ...]:
    result = upright_srgb(made).image
    assert result.mode == "RGB"
    value = result.getpixel((3, 3))
    assert isinstance(value, tuple)
    return value


def test_a_palette_and_transparency_are_converted_as_rgb_is() -> None:
    plain = pixel(image("RGB", RED, WIDE))
    assert plain != RED
    palette = image("RGB", RED).quantize(2)
    palette.info["icc_profile"] = WIDE
    assert pixel(palette) == plain
    assert pixel(image("RGBA", (*RED, 255), WIDE)) == plain
    assert pixel(image("RGBA", (*RED, 0), WIDE)) == (255, 255, 255)


def test_gray_with_transparency_is_converted_by_a_gray_profile() -> None:
    linear = gray_profile(1.0)
    plain = pixel(image("L", 64, linear))
    assert plain[0] > 120
    assert pixel(image("LA", (64, 255), linear)) == plain
    deep = Image.fromarray(np.full((20, 20), 64 * 257, np.uint16))
    deep.info["icc_profile"] = linear
    assert pixel(deep) == plain


@pytest.mark.parametrize(("profile", "reason"), [(b"broken", "is damaged"), (gray_profile(2.2), "is for GRAY")])
def test_a_profile_that_cannot_be_used_is_a_remark_and_changes_nothing(profile: bytes, reason: str) -> None:
    result = upright_srgb(image("RGB", RED, profile))
    assert result.image.getpixel((3, 3)) == RED
    assert not result.color_converted
    assert reason in result.remarks[0].message


def test_without_a_profile_nothing_is_converted() -> None:
    result = upright_srgb(image("RGB", RED))
    assert (result.image.getpixel((3, 3)), result.color_converted, result.remarks) == (RED, False, ())


def test_values_that_are_not_finite_are_refused() -> None:
    with pytest.raises(BadPicture, match="not finite"):
        upright_srgb(Image.fromarray(np.full((20, 20), np.nan, np.float32)))


def with_right_half(made: Image.Image, color: object) -> Image.Image:
    made.paste(color, (10, 0, 20, 20))  # type: ignore[arg-type]
    return made


def levels(made: Image.Image) -> list[object]:
    return [made.getpixel((3, 3)), made.getpixel((13, 3))]


def test_what_is_transparent_turns_white_and_gives_alpha() -> None:
    for mode, clear, half in [("RGBA", (0, 0, 0, 0), (0, 0, 0, 128)), ("LA", (0, 0), (0, 128))]:
        picture = upright_srgb(with_right_half(image(mode, clear), half))
        assert levels(picture.image) == [(255, 255, 255), (127, 127, 127)]
        assert picture.alpha and picture.alpha.mode == "L" and levels(picture.alpha) == [0, 128]


def test_a_transparent_palette_color_turns_white() -> None:
    palette = with_right_half(image("P", 0), 1)
    palette.info["transparency"] = 0
    picture = upright_srgb(palette)
    assert picture.image.getpixel((3, 3)) == (255, 255, 255)
    assert picture.alpha and levels(picture.alpha) == [0, 255]


def test_an_alpha_channel_that_is_opaque_everywhere_is_none() -> None:
    assert upright_srgb(image("RGBA", (*RED, 255))).alpha is None
