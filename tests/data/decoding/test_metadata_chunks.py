import io

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from tests.data.conftest import noise_picture
from tests.data.decoding.icc import ADOBE_RGB, rgb_profile

from painting.data.decoding.metadata_chunks import without_metadata

PROFILE = rgb_profile(ADOBE_RGB, 2.2)


def encoded(format: str, image: Image.Image | None = None, **options: object) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "a description"
    file = io.BytesIO()
    (image or noise_picture(1)).save(file, format, exif=exif, icc_profile=PROFILE, **options)
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "CMYK"])
def test_without_metadata_the_pixels_are_the_same(format: str, mode: str) -> None:
    if (format, mode) in {("JPEG", "RGBA"), ("PNG", "CMYK"), ("WEBP", "L"), ("WEBP", "CMYK")}:
        pytest.skip("there are no such files")
    content = encoded(format, noise_picture(1).convert(mode), **({"lossless": True} if format == "WEBP" else {}))
    versions = list(without_metadata(content))
    stripped = opened(versions[-1])
    assert stripped.mode == opened(content).mode
    np.testing.assert_array_equal(np.asarray(stripped), np.asarray(opened(content)))
    assert "icc_profile" in opened(content).info and "icc_profile" not in stripped.info
    assert opened(content).getexif() and not stripped.getexif()


def test_texts_go_first_and_the_profile_stays() -> None:
    texts = PngInfo()
    texts.add_itxt("history", "x" * 1000, zip=True)
    texts.add_text("comment", "y")
    first, _ = without_metadata(encoded("PNG", pnginfo=texts))
    assert opened(first).info["icc_profile"] == PROFILE
    assert not opened(first).text  # type: ignore[attr-defined]


def test_a_transparent_color_of_a_palette_stays() -> None:
    palette = noise_picture(1).quantize(4)
    content = encoded("PNG", palette, transparency=0)
    assert all(opened(version).info["transparency"] is not None for version in without_metadata(content))


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"BM", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP"])
def test_other_formats_and_beginnings_alone_end_quietly(content: bytes) -> None:
    assert all(isinstance(version, bytes) for version in without_metadata(content))
