"""Pictures keep their values through every form, and files are written whole or not at all."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from painting.errors import PaintingError
from painting.images import (
    UInt8Array,
    decode_png,
    encode_png,
    grid,
    on_white,
    read_png_text,
    save_png,
    to_float,
    to_pil,
)

LEVELS = np.arange(256, dtype=np.uint8)


@pytest.fixture
def picture() -> UInt8Array:
    drawn: UInt8Array = np.random.default_rng(0).integers(0, 256, (12, 9, 3), dtype=np.uint8)
    return drawn


def test_levels_are_spread_evenly_over_floats_from_minus_1_to_1() -> None:
    floats = to_float(LEVELS)
    assert floats.dtype == np.float32
    assert floats[0] == -1 and floats[-1] == 1
    np.testing.assert_allclose(np.diff(floats), 2 / 255, atol=1e-6)


def test_pictures_on_white_are_rounded_exactly_for_every_level_and_alpha() -> None:
    levels, alphas = np.meshgrid(LEVELS, LEVELS)
    pictures = np.stack([levels, levels[::-1], levels.T, alphas], -1)
    opacity = alphas[..., None] / 255
    np.testing.assert_array_equal(on_white(pictures), np.rint(pictures[..., :3] * opacity + 255 * (1 - opacity)))
    assert on_white(pictures).dtype == np.uint8
    assert on_white(pictures[..., :3]).base is pictures


def test_a_png_gives_back_pixels_and_text(picture: UInt8Array) -> None:
    text = {"prompt": "وردة — a rose\nand more", "seed": "7"}
    png = encode_png(picture, text)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png))), picture)
    assert np.array_equal(decode_png(png), picture)
    assert read_png_text(png) == text
    assert read_png_text(encode_png(picture)) == {}
    assert np.array_equal(np.asarray(to_pil(picture[:, ::-1])), picture[:, ::-1])
    transparent = np.concatenate([picture, picture[..., :1]], axis=-1)
    assert np.array_equal(decode_png(encode_png(transparent)), transparent)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_png_is_refused_in_one_line(content: bytes) -> None:
    with pytest.raises(PaintingError, match="not a readable PNG"):
        read_png_text(content)


def test_a_png_that_claims_to_be_huge_is_refused_undecoded() -> None:
    header = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    with pytest.raises(PaintingError, match="not a readable PNG"):
        read_png_text(png)


def test_a_truncated_png_is_refused(picture: UInt8Array) -> None:
    with pytest.raises(PaintingError):
        read_png_text(encode_png(picture, {"prompt": "a rose"})[:60])


def test_a_picture_is_decoded_whole_or_not_at_all(picture: UInt8Array) -> None:
    png = encode_png(picture)
    for end in range(0, len(png) - 24, 7):  # behind it are checksums and the last chunk, which is empty
        with pytest.raises(PaintingError, match="not a readable PNG"):
            decode_png(png[:end])


def test_a_grid_places_pictures_row_by_row_with_white_between(picture: UInt8Array) -> None:
    pictures = np.stack([picture // 2, picture // 3, picture // 4])
    sheet = grid(pictures, columns=2, gap=3)
    assert sheet.shape == (2 * 12 + 3, 2 * 9 + 3, 3)
    assert np.array_equal(sheet[:12, :9], pictures[0])
    assert np.array_equal(sheet[:12, 12:], pictures[1])
    assert np.array_equal(sheet[15:, :9], pictures[2])
    assert (sheet[12:15] == 255).all() and (sheet[:, 9:12] == 255).all() and (sheet[15:, 12:] == 255).all()


def test_a_grid_without_gaps_is_pictures_only(picture: UInt8Array) -> None:
    assert np.array_equal(grid(picture[None], columns=1, gap=0), picture)


def test_a_grid_of_pictures_with_alpha_has_transparent_gaps(picture: UInt8Array) -> None:
    opaque = np.concatenate([picture, np.full((12, 9, 1), 255, np.uint8)], axis=-1)
    sheet = grid(np.stack([opaque] * 3), columns=2)
    assert np.array_equal(sheet[:12, :9], opaque) and not sheet[12:14, :, 3].any() and not sheet[14:, 9:, 3].any()
    assert np.array_equal(on_white(sheet), grid(np.stack([picture] * 3), columns=2))


def test_a_failed_write_leaves_the_old_file_and_no_part(
    picture: UInt8Array, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "picture.png"
    save_png(path, picture, {"seed": "1"})

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("painting.atomic_file.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        save_png(path, 255 - picture)
    assert list(tmp_path.iterdir()) == [path]
    assert read_png_text(path.read_bytes()) == {"seed": "1"}
