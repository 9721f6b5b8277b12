"""Image decoding to upright RGB; what cannot be decoded says why in one sentence."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

PICTURE_FORMATS = {
    ".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP", ".bmp": "BMP", ".gif": "GIF",
    ".tif": "TIFF", ".tiff": "TIFF",
}  # fmt: skip
MAX_PIXELS = 64_000_000  # above it a file counts as a decompression bomb
MIN_SIDE_PX = 16

_EXIF_ORIENTATION = 0x0112
_UPRIGHT_TRANSPOSES = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class BadPicture(Exception):
    """A file that gives no picture: a kind ("truncated") and the predicate of a sentence on the file."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


def decode(path: Path) -> Image.Image:
    """Decode a picture to mode RGB: rotated by its EXIF orientation, transparency on white, 16 bits scaled to 8.

    Raises BadPicture: unreadable, truncated, a decompression bomb, or with a side below `MIN_SIDE_PX`.
    The number of pixels is read from the header before anything is decoded.
    """
    try:
        if path.stat().st_size == 0:
            raise BadPicture("unreadable", "is an empty file")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's warnings about odd files; real damage raises
            with Image.open(path, formats=sorted(set(PICTURE_FORMATS.values()))) as image:
                _check_size(*image.size)
                image.load()
                return _to_rgb(_turned_upright(image))
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


def _bomb(pixels: str) -> BadPicture:
    return BadPicture(
        "decompression bomb", f"has {pixels} pixels, more than the {MAX_PIXELS // 1_000_000} million allowed"
    )


def _damaged(error: Exception) -> BadPicture:
    reason = str(error) or type(error).__name__
    if any(sign in reason.lower() for sign in ("truncated", "unexpected end", "broken data stream", "not enough")):
        return BadPicture("truncated", "is truncated or damaged: its picture cannot be decoded to the end")
    return BadPicture("unreadable", f"cannot be decoded ({reason.splitlines()[0]})")


def _turned_upright(image: Image.Image) -> Image.Image:
    try:
        turn = _UPRIGHT_TRANSPOSES.get(image.getexif().get(_EXIF_ORIENTATION, 1))
    except Exception:  # a damaged EXIF block is no reason to lose the picture
        return image
    return image if turn is None else image.transpose(turn)


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode == "F" or image.mode.startswith("I"):
        return _from_deep_grey(image).convert("RGB")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
    return image.convert("RGB")


def _from_deep_grey(image: Image.Image) -> Image.Image:
    """8-bit grey of a picture with more bits: integers run to 65535, floats to 1 (or to 255 where any is above 1)."""
    values = np.asarray(image).astype(np.float64)
    if not np.isfinite(values).all():
        raise BadPicture("unreadable", "holds values that are not finite numbers")
    white = 65535.0 if image.mode != "F" else 1.0 if values.max() <= 1 else 255.0
    return Image.fromarray(np.rint(np.clip(values / white, 0, 1) * 255).astype(np.uint8))
