"""Image decoding to upright sRGB; what cannot be decoded says why in one sentence."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from painting.data.decoding.formats import PICTURE_FORMATS
from painting.data.decoding.jpeg_tail import ended, without_missing_rows
from painting.data.decoding.metadata_chunks import JPEG_SIGNATURE, without_metadata
from painting.data.decoding.upright_srgb import BadPicture, DecodedPicture, Remark, upright_srgb
from painting.data.placeholder import placeholder_reason

MAX_PIXELS = 64_000_000  # above it a file counts as a decompression bomb
MIN_SIDE_PX = 16
MAX_REPAIRED_BYTES = 512 * 2**20
"""The size of a file that is read whole to leave out what is damaged."""

_TRUNCATED_MESSAGE = "is truncated or damaged: its picture cannot be decoded to the end"
_BAD_METADATA = Remark("metadata", "has metadata that is damaged or too long", "its metadata is ignored")
_SEVERAL_PICTURES = Remark("several pictures", "holds several pictures", "the first of them is used")

_Finish = Callable[[Image.Image], Image.Image]


def decode(path: Path) -> DecodedPicture:
    """Decode a picture to sRGB: rotated by its EXIF orientation, transparency on white, 16 bits scaled to 8.

    Metadata that cannot be read, and a few last rows that a JPEG lacks, are left out with a remark. Raises BadPicture:
    unreadable, truncated, a placeholder, a decompression bomb, or with a side below `MIN_SIDE_PX`. The number of
    pixels is read from the header before anything is decoded.
    """
    try:
        reason = placeholder_reason(path)
        if reason:
            raise BadPicture("placeholder", reason)
        if path.stat().st_size == 0:
            raise BadPicture("unreadable", "is an empty file")
        return _decoded(path)
    except OSError as error:
        raise BadPicture("unreadable", f"cannot be read ({error.strerror or error})") from error
    except BadPicture as bad:
        if bad.kind not in {"unreadable", "truncated"} or path.stat().st_size > MAX_REPAIRED_BYTES:
            raise
        repaired = next(_repaired(path.read_bytes()), None)
        if repaired is None:
            raise
        return repaired


def _repaired(content: bytes) -> Iterator[DecodedPicture]:
    """Pictures of a file that does not decode as it is, the least changed first."""
    for stripped in without_metadata(content):
        yield from _decoded_with(_BAD_METADATA, stripped)
    if content.startswith(JPEG_SIGNATURE):

        def finish(image: Image.Image) -> Image.Image:
            whole = without_missing_rows(image, content)
            if whole is None:
                raise BadPicture("truncated", _TRUNCATED_MESSAGE)
            return whole

        missing = Remark("truncated", "lacks its last bytes", "the rows that are there are used")
        yield from _decoded_with(missing, ended(content), finish)


def _decoded_with(remark: Remark, content: bytes, finish: _Finish | None = None) -> Iterator[DecodedPicture]:
    """The picture of repaired bytes with a remark, if they give one."""
    try:
        picture = _decoded(io.BytesIO(content), finish)
    except BadPicture:
        return
    yield replace(picture, remarks=(*picture.remarks, remark))


def _decoded(source: Path | io.BytesIO, finish: _Finish | None = None) -> DecodedPicture:
    """Decode a file; `finish` is applied to the image before it is rotated."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's warnings about odd files; real damage raises
            with Image.open(source, formats=sorted(set(PICTURE_FORMATS.values()))) as image:
                _check_size(*image.size)
                remarks = (_SEVERAL_PICTURES,) if _holds_several(image) else ()
                image.load()
                picture = upright_srgb(finish(image) if finish else image)
                return replace(picture, remarks=(*remarks, *picture.remarks))
    except BadPicture:
        raise
    except Image.DecompressionBombError as error:
        raise _bomb("far too many") from error
    except UnidentifiedImageError as error:
        raise BadPicture("unreadable", "is not a picture in a format that is read here") from error
    except Exception as error:  # a damaged file makes decoders raise nearly anything
        raise _damaged(error) from error


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise _bomb(f"{width}×{height}")
    if min(width, height) < MIN_SIDE_PX:
        raise BadPicture("too small", f"is only {width}×{height} px, below the minimum side of {MIN_SIDE_PX} px")


def _holds_several(image: Image.Image) -> bool:
    """Whether a file is an animation or has pages; the second picture of a phone's JPEG is a preview or a gain map."""
    if image.format not in {"GIF", "WEBP", "PNG", "TIFF", "AVIF"}:
        return False
    try:
        return bool(getattr(image, "is_animated", False))
    except Exception:  # of damaged later pictures; the first may be whole
        return True


def _bomb(pixels: str) -> BadPicture:
    return BadPicture(
        "decompression bomb", f"has {pixels} pixels, more than the {MAX_PIXELS // 1_000_000} million allowed"
    )


def _damaged(error: Exception) -> BadPicture:
    reason = str(error) or type(error).__name__
    if any(sign in reason.lower() for sign in ("truncated", "unexpected end", "broken data stream", "not enough")):
        return BadPicture("truncated", _TRUNCATED_MESSAGE)
    return BadPicture("unreadable", f"cannot be decoded ({reason.splitlines()[0]})")
