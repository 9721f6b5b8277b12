"""A picture file decoded to upright RGB, or one sentence why not."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

FORMATS = {
    ".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP", ".bmp": "BMP", ".gif": "GIF",
    ".tif": "TIFF", ".tiff": "TIFF",
}  # fmt: skip
PIXEL_BUDGET = 64_000_000
SMALLEST_SIDE = 16

_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class BadPicture(Exception):
    """Why a file gives no picture: a kind ("truncated") and the rest of a sentence that begins with its name."""

    def __init__(self, kind: str, what: str) -> None:
        super().__init__(what)
        self.kind = kind
        self.what = what


def decode(path: Path) -> Image.Image:
    """The whole picture in mode RGB, turned as its EXIF says, transparency on white, 16 bits scaled to 8.

    Raises BadPicture: unreadable, truncated, a decompression bomb, or with a side below `SMALLEST_SIDE`.
    The number of pixels is read from the header before anything is decoded.
    """
    try:
        if path.stat().st_size == 0:
            raise BadPicture("unreadable", "is an empty file")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks on odd files; what matters raises
            with Image.open(path, formats=sorted(set(FORMATS.values()))) as image:
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
    if width * height > PIXEL_BUDGET:
        raise _bomb(f"{width}×{height}")
    if min(width, height) < SMALLEST_SIDE:
        raise BadPicture("too small", f"is only {width}×{height} px, below the least side of {SMALLEST_SIDE} px")


def _bomb(pixels: str) -> BadPicture:
    budget = PIXEL_BUDGET // 1_000_000
    return BadPicture("decompression bomb", f"has {pixels} pixels, more than the {budget} million allowed")


def _damaged(error: Exception) -> BadPicture:
    reason = str(error) or type(error).__name__
    if any(sign in reason.lower() for sign in ("truncated", "unexpected end", "broken data stream", "not enough")):
        return BadPicture("truncated", "is truncated or damaged: its picture cannot be decoded to the end")
    return BadPicture("unreadable", f"cannot be decoded ({reason.splitlines()[0]})")


def _turned_upright(image: Image.Image) -> Image.Image:
    try:
        turn = _UPRIGHT.get(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # a damaged EXIF block is no reason to lose the picture
        return image
    return image if turn is None else image.transpose(turn)


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode == "F" or image.mode.startswith("I"):
        return _from_numbers(image).convert("RGB")
    if image.has_transparency_data:
        painted = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", painted.size, "white"), painted).convert("RGB")
    return image.convert("RGB")


def _from_numbers(image: Image.Image) -> Image.Image:
    """Grey values of more than 8 bits: whole numbers run to 65535, fractions to 1 (or to 255 where any is above 1)."""
    values = np.asarray(image).astype(np.float64)
    if not np.isfinite(values).all():
        raise BadPicture("unreadable", "holds values that are no numbers")
    most = 65535.0 if image.mode != "F" else 1.0 if values.max() <= 1 else 255.0
    return Image.fromarray(np.rint(np.clip(values / most, 0, 1) * 255).astype(np.uint8))
