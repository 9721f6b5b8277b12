"""Encoding of pictures: PNG, WebP or JPEG files of any size.

H and W are a picture's height and width in px, C is 3 for RGB and 4 for RGBA.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageOps

from painting.errors import InvalidRequest
from painting.images import (
    OPAQUE_CHANNELS,
    WHITE_LEVEL,
    UInt8Array,
    encode_jpeg,
    encode_png,
    encode_still_webp,
    on_white,
    to_pil,
)
from painting.paint.validation import check_whole

ALPHA_KINDS = ("png", "webp")  # that know transparency
IMAGE_KINDS = (*ALPHA_KINDS, "jpeg")
DEFAULT_QUALITY = 90
MIN_SIDE = 16  # px
AUTO_SIZE = "auto"
SIZE_PATTERN = rf"^(?:{AUTO_SIZE}|([0-9]{{1,5}})[xX×]([0-9]{{1,5}}))$"
FIT_NAMES = ("cover", "contain")  # as CSS's object-fit: the picture fills the size and is cropped, or is padded
DEFAULT_FIT = FIT_NAMES[0]
BACKGROUND_NAMES = ("auto", "transparent", "opaque")  # as OpenAI's images API has them; opaque: laid on white
DEFAULT_BACKGROUND = BACKGROUND_NAMES[0]
TRANSPARENT_PADDING = (255, 255, 255, 0)
MAX_REQUEST_PIXELS = 1 << 24  # of one request: 16 pictures of 1024 px


@dataclass(frozen=True)
class PictureFormat:
    """A kind of file, its quality (0 … 100, of WebP and JPEG), its size in px, the fit to it, and its background.

    `size`: width and height; None: as painted. `fit`: of other shapes, one of FIT_NAMES. `background`: one of
    BACKGROUND_NAMES; auto: as painted, where the kind of file knows transparency.
    """

    kind: str = "png"
    quality: int = DEFAULT_QUALITY
    size: tuple[int, int] | None = None
    fit: str = DEFAULT_FIT
    background: str = DEFAULT_BACKGROUND

    @property
    def keeps_alpha(self) -> bool:
        """Whether transparency stays, and is not laid on white."""
        return self.kind in ALPHA_KINDS and self.background != "opaque"

    @property
    def media_type(self) -> str:
        """The media type, for the header Content-Type."""
        return f"image/{self.kind}"

    def fitting(self, painted: tuple[int, int]) -> "Fitting":
        """How a picture of a painted size gets to `size`."""
        size = self.size or painted
        same_shape = size[0] * painted[1] == size[1] * painted[0]
        return Fitting(size, painted, None if same_shape else self.fit)

    def encode(self, picture: UInt8Array, text: Mapping[str, str]) -> bytes:
        """Encode a picture (H, W, C) with `text` as metadata, on its background and fitted to `size`."""
        if not self.keeps_alpha:
            picture = on_white(picture)
        if self.size and self.size != (picture.shape[1], picture.shape[0]):
            picture = fit_picture(picture, self.size, self.fit)
        if self.kind == "png":
            return encode_png(picture, text)
        encode = encode_jpeg if self.kind == "jpeg" else encode_still_webp
        return encode(picture, text, self.quality)


@dataclass(frozen=True)
class Fitting:
    """The size of a file's picture, the size as painted, and the fit if they have other shapes; widths and heights."""

    size: tuple[int, int]
    painted: tuple[int, int]
    fit: str | None

    def text(self) -> dict[str, str]:
        """What a file states of it, by the names of the API's parameters; nothing if it is as painted."""
        if self.size == self.painted:
            return {}
        size = {"size": format_size(self.size)}
        return {**size, "fit": self.fit} if self.fit else size


def format_size(size: tuple[int, int]) -> str:
    """Write a width and height as `parse_size` reads them."""
    return "{}x{}".format(*size)


def fit_picture(picture: UInt8Array, size: tuple[int, int], fit: str) -> UInt8Array:
    """Scale a picture (H, W, C) to a width and height, and crop ("cover") or pad it ("contain") around its centre.

    The padding has the mean colour of the picture's border, or, of a picture with alpha, is transparent. Where alpha
    is 0 the colour is white, as painted: Pillow's scaling leaves black there.
    """
    image = to_pil(picture)
    if fit == "cover":
        fitted = np.array(ImageOps.fit(image, size, Image.Resampling.LANCZOS))
    else:
        padding = _border_color(picture) if picture.shape[-1] == OPAQUE_CHANNELS else TRANSPARENT_PADDING
        fitted = np.array(ImageOps.pad(image, size, Image.Resampling.LANCZOS, padding))
    clear = (fitted[..., OPAQUE_CHANNELS:] == 0).any(axis=-1)  # (height, width), nowhere of RGB
    fitted[clear, :OPAQUE_CHANNELS] = WHITE_LEVEL
    return fitted


def _border_color(picture: UInt8Array) -> tuple[int, int, int]:
    border = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    red, green, blue = border.mean(axis=0).round().astype(int).tolist()
    return red, green, blue


def checked_background(format: PictureFormat, has_alpha: bool, painter: str) -> PictureFormat:
    """The format with its background, auto where that changes nothing; raises InvalidRequest if it cannot be had."""
    is_transparent = format.background == "transparent"
    if is_transparent and not has_alpha:
        raise InvalidRequest(
            f"the painter '{painter}' paints no transparency: omit `background`, or choose a painter whose "
            "`has_alpha` in /v1/painters is true",
            "background",
        )
    if is_transparent and not format.keeps_alpha:
        raise InvalidRequest(
            f"a {format.kind} file has no transparent background: choose png or webp, or omit `background`",
            "background",
        )
    changes = format.background == "opaque" and has_alpha and format.kind in ALPHA_KINDS
    return format if changes else replace(format, background=DEFAULT_BACKGROUND)


def parse_size(text: str | None) -> tuple[int, int] | None:
    """Parse "WIDTHxHEIGHT"; None and "auto" are None. Raises InvalidRequest."""
    found = re.fullmatch(SIZE_PATTERN, text or AUTO_SIZE)
    if found is None:
        raise InvalidRequest(f"the size must be '{AUTO_SIZE}' or WIDTHxHEIGHT in px, not {(text or '')[:40]!r}")
    return (int(found[1]), int(found[2])) if found[1] else None


def check_size(size: tuple[int, int] | None, count: int, max_side: int) -> None:
    """Check the size of `count` pictures, each side and all pixels together; raises InvalidRequest."""
    if size is None:
        return
    width, height = size
    check_whole(width, "width", MIN_SIDE, max_side)
    check_whole(height, "height", MIN_SIDE, max_side)
    if width * height * count > MAX_REQUEST_PIXELS:
        raise InvalidRequest(
            f"{count} pictures of {width}x{height} px are too many pixels at once: request fewer or smaller ones",
            "width",
        )
