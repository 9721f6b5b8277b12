"""Image conversion and encoding: uint8 arrays, floats in [-1, 1], PIL images, PNG, JPEG, WebP, GIF, and grids.

H and W are a picture's height and width in px, N counts pictures, C is 3 for RGB and 4 for RGBA.
"""

import io
import json
import re
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from PIL.PngImagePlugin import PngImageFile, PngInfo

from painting.atomic_file import write_atomic
from painting.errors import PaintingError

UInt8Array = NDArray[np.uint8]
FloatArray = NDArray[np.float32]

WHITE_LEVEL = 255
OPAQUE_CHANNELS = 3  # red, green, blue
ALPHA_CHANNELS = 4  # and alpha, 255 where a picture is opaque; the colours are straight, not multiplied by it
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_CHUNK_HEAD = struct.Struct(">I4s")  # the length of its content, and its kind
PNG_SUM_BYTES = 4  # the CRC-32 of kind and content, behind them
TEXT_CHUNK_PATTERNS = {  # a keyword and a text; of iTXt uncompressed ones alone, with two fields between that we drop
    b"tEXt": re.compile(rb"([^\0]*)\0(.*)", re.DOTALL),
    b"iTXt": re.compile(rb"([^\0]*)\0\0.[^\0]*\0[^\0]*\0(.*)", re.DOTALL),
}
MAX_TEXT_BYTES = 16_384  # of one chunk
EXIF_IMAGE_DESCRIPTION = 0x010E  # the field that viewers show
WEBP_QUALITY = 90


def to_float(pictures: UInt8Array) -> FloatArray:
    """Turn uint8 values 0 … 255 of any shape into float32 values in [-1, 1]."""
    return pictures.astype(np.float32) / np.float32(127.5) - np.float32(1)


def on_white(pictures: UInt8Array) -> UInt8Array:
    """Alpha compositing over white: straight RGBA (…, 4) → RGB (…, 3), rounded to nearest; RGB stays as it is."""
    if pictures.shape[-1] == OPAQUE_CHANNELS:
        return pictures
    darkness = WHITE_LEVEL - pictures[..., :OPAQUE_CHANNELS].astype(np.uint16)
    covered = darkness * pictures[..., OPAQUE_CHANNELS:]  # at most 255², so that 127 more still fit in 16 bits
    return (WHITE_LEVEL - (covered + 127) // 255).astype(np.uint8)


def visible(pictures: UInt8Array) -> UInt8Array:
    """What can be compared of pictures (…, C): colours on white, then alpha, as what is clear may have any colour."""
    return np.concatenate([on_white(pictures), pictures[..., OPAQUE_CHANNELS:]], axis=-1)


def to_pil(picture: UInt8Array) -> Image.Image:
    """Turn one uint8 picture (H, W, C) into an RGB or RGBA image of PIL."""
    return Image.fromarray(np.ascontiguousarray(picture))


def encode_png(picture: UInt8Array, text: Mapping[str, str] | None = None) -> bytes:
    """Encode one uint8 picture (H, W, C) as PNG bytes, with `text` in its text chunks.

    zlib matches runs alone (Z_RLE), which suits a PNG's filtered rows: faster than its other strategies, and smaller.
    """
    chunks = PngInfo()
    for key, value in (text or {}).items():
        chunks.add_text(key, value)
    buffer = io.BytesIO()
    to_pil(picture).save(buffer, format="PNG", compress_type=zlib.Z_RLE, pnginfo=chunks)
    return buffer.getvalue()


def encode_still_webp(picture: UInt8Array, text: Mapping[str, str] | None = None, quality: int = WEBP_QUALITY) -> bytes:
    """Encode one uint8 picture (H, W, C) as WebP bytes, with `text`, if any, as JSON in its EXIF description."""
    buffer = io.BytesIO()
    to_pil(picture).save(buffer, format="WEBP", quality=quality, method=2, exif=_exif(text) if text else b"")
    return buffer.getvalue()


def encode_jpeg(picture: UInt8Array, text: Mapping[str, str], quality: int) -> bytes:
    """Encode one uint8 picture (H, W, C), laid on white, as JPEG bytes, with `text` as JSON in its EXIF description."""
    buffer = io.BytesIO()
    to_pil(on_white(picture)).save(buffer, format="JPEG", quality=quality, exif=_exif(text))
    return buffer.getvalue()


def read_png_text(png: bytes) -> dict[str, str]:
    """Read the text chunks of PNG bytes; raises PaintingError when they are no PNG, or damaged.

    No pixel is decoded and nothing unpacked, so that the bytes bound the work: compressed text, which `encode_png` does
    not write, is left out, as is any longer than MAX_TEXT_BYTES.
    """
    if not png.startswith(PNG_SIGNATURE):
        raise _unreadable_png(png, "they do not begin as one")
    found = {}
    for kind, content in _png_chunks(png):
        pattern = TEXT_CHUNK_PATTERNS.get(kind)
        match = pattern.fullmatch(content) if pattern and len(content) <= MAX_TEXT_BYTES else None
        if match:
            found[match[1].decode("latin-1")] = match[2].decode("latin-1" if kind == b"tEXt" else "utf-8", "replace")
    return found


def _png_chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the kind and content of each chunk of a PNG, checked by their sums; raises PaintingError."""
    kind, end = b"", len(PNG_SIGNATURE)
    while kind != b"IEND":
        if end + PNG_CHUNK_HEAD.size > len(png):
            raise _unreadable_png(png, "they end too early")
        length, kind = PNG_CHUNK_HEAD.unpack_from(png, end)
        begin = end + PNG_CHUNK_HEAD.size
        content = png[begin : begin + length]
        end = begin + length + PNG_SUM_BYTES
        if zlib.crc32(kind + content).to_bytes(PNG_SUM_BYTES, "big") != png[begin + length : end]:
            raise _unreadable_png(png, f"the chunk at {begin} is damaged")
        yield kind, content


def _unreadable_png(png: bytes, reason: object) -> PaintingError:
    return PaintingError(f"these {len(png)} bytes are not a readable PNG: {reason}")


def decode_png(png: bytes) -> UInt8Array:
    """Turn PNG bytes into one uint8 picture (H, W, C); raises PaintingError when they are none, or damaged."""
    with _opened_png(png) as image:
        return np.asarray(image.convert("RGBA" if image.has_transparency_data else "RGB"))


@contextmanager
def _opened_png(png: bytes) -> Iterator[PngImageFile]:
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
            assert isinstance(image, PngImageFile)
            yield image
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise _unreadable_png(png, error) from error


@dataclass(frozen=True)
class Playback:
    """Order and timing of an animation: each frame's picture by its index, which may come again, and ms a frame."""

    order: Sequence[int]
    frame_ms: int
    loops: bool


def encode_webp(pictures: UInt8Array, playback: Playback, text: Mapping[str, str], lossless: bool = False) -> bytes:
    """Encode uint8 pictures (N, H, W, C) as an animated WebP, with `text` as JSON in its EXIF description.

    `lossless` keeps every visible pixel: libwebp zeroes colours where alpha is 0.
    """
    exif = _exif(text)
    # Lossless at effort 2 is as small as at higher ones within 3%, and five times as fast.
    compression = {"lossless": True, "quality": 0, "method": 2} if lossless else {"quality": WEBP_QUALITY}
    images = [to_pil(picture) for picture in pictures]
    return _encode_animation(
        "WEBP", images, playback, {"loop": 0 if playback.loops else 1, "exif": exif, **compression}
    )


def _exif(text: Mapping[str, str]) -> Image.Exif:
    exif = Image.Exif()
    exif[EXIF_IMAGE_DESCRIPTION] = json.dumps(text)  # ASCII, this field's only characters
    return exif


def encode_gif(pictures: UInt8Array, playback: Playback, text: Mapping[str, str]) -> bytes:
    """Encode uint8 pictures (N, H, W, C) as an animated GIF, with `text` as JSON in its comment.

    Each picture has a palette of its own of 256 colours, undithered: on morphs of flowers that errs and flickers less
    than a global palette, and dither that changes from frame to frame flickers most. Pictures with alpha are laid on
    white: GIF knows no partial transparency.
    """
    images = [
        to_pil(picture).quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        for picture in on_white(pictures)
    ]
    loop = {"loop": 0} if playback.loops else {}  # a number would count the rounds after the first
    # GIF counts in units of 10 ms, to which Pillow would round down.
    in_ticks = replace(playback, frame_ms=round(playback.frame_ms / 10) * 10)
    return _encode_animation("GIF", images, in_ticks, {"comment": json.dumps(text).encode("ascii"), **loop})


def _encode_animation(
    kind: str, images: Sequence[Image.Image], playback: Playback, settings: Mapping[str, object]
) -> bytes:
    first, *others = (images[index] for index in playback.order)
    buffer = io.BytesIO()
    first.save(buffer, kind, save_all=True, append_images=others, duration=playback.frame_ms, **settings)
    return buffer.getvalue()


def grid(pictures: UInt8Array, columns: int, gap: int = 2) -> UInt8Array:
    """Image grid of uint8 pictures (N, H, W, C), row by row, `columns` a row, with gaps of `gap` px.

    Returns one uint8 picture (rows·(H + gap) − gap, columns·(W + gap) − gap, C). Gaps and places without a picture are
    white, transparent white where the pictures have alpha.
    """
    count, height, width, channels = pictures.shape
    rows = -(-count // columns)
    sheet = np.full((rows * columns, height + gap, width + gap, channels), WHITE_LEVEL, np.uint8)
    sheet[..., OPAQUE_CHANNELS:] = 0
    sheet[:count, :height, :width] = pictures
    sheet = sheet.reshape(rows, columns, height + gap, width + gap, channels).transpose(0, 2, 1, 3, 4)
    sheet = sheet.reshape(rows * (height + gap), columns * (width + gap), channels)
    return sheet[: rows * (height + gap) - gap, : columns * (width + gap) - gap]


def save_png(path: Path, picture: UInt8Array, text: Mapping[str, str] | None = None) -> None:
    """Write one uint8 picture (H, W, C) as a PNG file: all of it or, on OSError, nothing."""
    write_atomic(path, encode_png(picture, text))
