"""What a picture becomes for whoever asked: PNG, WebP or JPEG, in the size that was asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from painting.errors import InvalidRequest
from painting.images import UInt8Array, encode_jpeg, encode_png, encode_still_webp, to_pil
from painting.validation import check_whole

KINDS = ("png", "webp", "jpeg")
QUALITY = 90
SMALLEST_SIDE = 16
MOST_PIXELS = 1 << 24  # of one request: 16 pictures of 1024 px


@dataclass(frozen=True)
class PictureFormat:
    """A kind of file, its quality (0 … 100, where it has one) and its size in px; None: as the painter paints."""

    kind: str = "png"
    quality: int = QUALITY
    size: tuple[int, int] | None = None

    @property
    def media_type(self) -> str:
        """The file's type, as HTTP names it."""
        return f"image/{self.kind}"

    def encode(self, picture: UInt8Array, text: Mapping[str, str]) -> bytes:
        """A picture (H, W, 3) as a file that says `text` about itself; another shape is cut out of the middle."""
        if self.size and self.size != (picture.shape[1], picture.shape[0]):
            picture = np.asarray(ImageOps.fit(to_pil(picture), self.size, Image.Resampling.LANCZOS))
        if self.kind == "png":
            return encode_png(picture, text)
        encode = encode_jpeg if self.kind == "jpeg" else encode_still_webp
        return encode(picture, text, self.quality)


def parse_size(text: str | None, max_side: int) -> tuple[int, int] | None:
    """Read "WIDTHxHEIGHT" or "auto"; raises InvalidRequest."""
    if text is None or text == "auto":
        return None
    parts = text.split("x")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):
        raise InvalidRequest(f"the size must be 'auto' or WIDTHxHEIGHT in px, not {text[:40]!r}")
    return check_size(int(parts[0]), int(parts[1]), max_side)


def check_size(width: int, height: int, max_side: int) -> tuple[int, int]:
    """Return the sides when they are within limits; raises InvalidRequest."""
    for name, side in (("width", width), ("height", height)):
        check_whole(side, name, SMALLEST_SIDE, max_side)
    return width, height


def scaled(asked: Mapping[str, Any], max_side: int) -> tuple[int, int] | None:
    """The size that `width` and `height` ask for, if both do; raises InvalidRequest."""
    if not asked["width"] or not asked["height"]:
        return None
    return check_size(asked["width"], asked["height"], max_side)


def check_pixels(size: tuple[int, int] | None, count: int) -> None:
    """Refuse pictures that are too large together; raises InvalidRequest."""
    if size and size[0] * size[1] * count > MOST_PIXELS:
        raise InvalidRequest(
            f"{count} pictures of {size[0]}x{size[1]} px are too much at once: ask for fewer or smaller"
        )
