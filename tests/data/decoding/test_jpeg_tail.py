import io

import numpy as np
import pytest
from PIL import Image

from painting.data.decoding.jpeg_tail import ended, without_missing_rows


def photograph(mode: str = "RGB") -> Image.Image:
    values = np.random.default_rng(0).integers(0, 256, (30, 12, 3), np.uint8)
    return Image.fromarray(values).resize((192, 480), Image.Resampling.BICUBIC).convert(mode)


def encoded(mode: str = "RGB", **options: object) -> bytes:
    file = io.BytesIO()
    photograph(mode).save(file, "JPEG", quality=92, **options)
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("subsampling", [0, 2])
def test_of_every_beginning_the_rows_that_are_there_or_nothing_is_kept(mode: str, subsampling: int) -> None:
    content = encoded(mode, **({"subsampling": subsampling} if mode == "RGB" else {}))
    whole = np.asarray(opened(content))
    kept = []
    for share in (0.2, 0.5, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995):
        beginning = content[: int(len(content) * share)]
        image = without_missing_rows(opened(ended(beginning)), beginning)
        if image is not None:
            differs = np.asarray(image) != whole[: image.height]
            assert differs.mean() < 0.02  # the block in which the data ends, where it ends a row of blocks
            kept.append(image.height)
    assert len(kept) >= 3 and kept == sorted(kept) and kept[0] >= 0.85 * 480


def test_without_the_end_marker_alone_nothing_is_missing() -> None:
    content = encoded()[:-2]
    image = without_missing_rows(opened(ended(content)), content)
    assert image is not None and image.size == (192, 480)


def test_a_progressive_picture_counts_from_its_finer_scans_on() -> None:
    content = encoded(progressive=True)
    whole = np.asarray(opened(content)).astype(int)
    errors = {}
    for share in np.linspace(0.05, 0.99, 40):
        beginning = content[: int(len(content) * share)]
        image = without_missing_rows(opened(ended(beginning)), beginning)
        if image is not None:
            assert image.size == (192, 480)
            errors[share] = np.abs(np.asarray(image) - whole).mean()
    assert 0.5 < min(errors) < 0.75
    assert max(errors.values()) < 4


def test_a_gray_picture_is_not_mistaken_for_a_missing_one() -> None:
    file = io.BytesIO()
    gray = Image.new("RGB", (64, 64), (128, 128, 128))
    gray.paste((200, 30, 30), (0, 0, 64, 40))
    gray.save(file, "JPEG")
    assert without_missing_rows(opened(file.getvalue()), file.getvalue()) is None  # named rather than cut


@pytest.mark.parametrize("length", [3, 30, 200, 400, 600])
def test_beginnings_without_picture_data_have_no_rows(length: int) -> None:
    assert without_missing_rows(photograph(), encoded()[:length]) is None
