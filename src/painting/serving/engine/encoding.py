"""Encoding of pictures: PNG, WebP or JPEG files of any size."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

from painting.errors import InvalidRequest
from painting.images import UInt8Array, encode_jpeg, encode_png, encode_still_webp, to_pil
from painting.paint.validation import check_whole

IMAGE_KINDS = ("png", "webp", "jpeg")
DEFAULT_QUALITY = 90
MIN_SIDE = 16  # px
MAX_REQUEST_PIXELS = 1 << 24  # of one request: 16 pictures of 1024 px


@dataclass(frozen=True)
class PictureFormat:
    """A kind of file, its quality (0 … 100, of WebP and JPEG) and its size in px; None: as painted."""

    kind: str = "png"
    quality: int = DEFAULT_QUALITY
    size: tuple[int, int] | None = None

    @property
    def media_type(self) -> str:
        """The media type, for the header Content-Type."""
        return f"image/{self.kind}"

    def encode(self, picture: UInt8Array, text: Mapping[str, str]) -> bytes:
        """Encode a picture (H, W, 3) with `text` as metadata; scaled and centre-cropped to `size`."""
        if self.size and self.size != (picture.shape[1], picture.shape[0]):
            picture = np.asarray(ImageOps.fit(to_pil(picture), self.size, Image.Resampling.LANCZOS))
        if self.kind == "png":
            return encode_png(picture, text)
        encode = encode_jpeg if self.kind == "jpeg" else encode_still_webp
        return encode(picture, text, self.quality)


def parse_size(text: str | None) -> tuple[int, int] | None:
    """Parse "WIDTHxHEIGHT"; None and "auto" are None. Raises InvalidRequest."""
    if text is None or text == "auto":
        return None
    parts = text.split("x")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):
        raise InvalidRequest(f"the size must be 'auto' or WIDTHxHEIGHT in px, not {text[:40]!r}")
    return int(parts[0]), int(parts[1])


def check_size(size: tuple[int, int] | None, count: int, max_side: int) -> None:
    """Check the size of `count` pictures, each side and all pixels together; raises InvalidRequest."""
    if size is None:
        return
    width, height = size
    check_whole(width, "width", MIN_SIDE, max_side)
    check_whole(height, "height", MIN_SIDE, max_side)
    if width * height * count > MAX_REQUEST_PIXELS:
        raise InvalidRequest(
            f"{count} pictures of {width}x{height} px are too many pixels at once: request fewer or smaller ones"
        )
