import pytest
from PIL import Image

from painting.data.decoding.formats import PICTURE_FORMATS, UNSUPPORTED_SUFFIXES


@pytest.mark.parametrize("suffix", [".jpg", ".jpeg", ".jpe", ".jfif", ".pjpeg", ".png", ".webp", ".gif", ".tiff"])
def test_the_usual_suffixes_are_decoded(suffix: str) -> None:
    assert suffix in PICTURE_FORMATS


def test_every_format_is_one_of_pillow() -> None:
    Image.init()
    assert set(PICTURE_FORMATS.values()) <= set(Image.OPEN)


def test_a_suffix_is_decoded_or_not() -> None:
    assert not UNSUPPORTED_SUFFIXES & PICTURE_FORMATS.keys()
    assert ".heic" in UNSUPPORTED_SUFFIXES
