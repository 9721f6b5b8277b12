"""Decoded pixels of any mode and colour profile to upright 8-bit sRGB, as a viewer shows them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from painting.data.decoding.color_profile import SRGB_GAMMA, BadProfile, gamma_to_srgb, lab_to_srgb, to_srgb

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


@dataclass(frozen=True)
class Remark:
    """A peculiarity of a picture that is used: its kind, the predicate of a sentence on the file, and an action."""

    kind: str
    message: str
    action: str


@dataclass(frozen=True)
class DecodedPicture:
    """A decoded picture, mode RGB, laid on white where it is transparent, and remarks on its file."""

    image: Image.Image
    alpha: Image.Image | None = None
    """Its opacity, mode L; None: opaque everywhere."""
    remarks: tuple[Remark, ...] = ()
    color_converted: bool = False
    """Whether its colours were converted from another profile to sRGB."""


def upright_srgb(image: Image.Image) -> DecodedPicture:
    """An image of any mode as upright sRGB: rotated by its EXIF orientation, converted by its colour profile.

    Its colours are laid on white where it is transparent; 16 bits are scaled to 8. A profile that is damaged or does
    not fit is a remark. Raises BadPicture for values that are not finite.
    """
    profile = image.info.get("icc_profile")
    colors, alpha = _colors_and_alpha(_turned_upright(image))
    try:
        converted = to_srgb(colors, profile) if profile else gamma_to_srgb(colors, _png_gamma(image))
    except BadProfile as bad:
        remark = Remark("colour profile", f"has a colour profile that {bad}", "its colours are read as sRGB")
        return DecodedPicture(_on_white(colors, alpha), alpha, (remark,))
    return DecodedPicture(_on_white(converted or colors, alpha), alpha, color_converted=converted is not None)


def _png_gamma(image: Image.Image) -> float:
    """The gamma of a PNG without a colour profile; that of sRGB where there is none, or where it says sRGB."""
    return SRGB_GAMMA if "srgb" in image.info else float(image.info.get("gamma", SRGB_GAMMA))


def _turned_upright(image: Image.Image) -> Image.Image:
    try:
        turn = _UPRIGHT_TRANSPOSES.get(image.getexif().get(_EXIF_ORIENTATION, 1))
    except Exception:  # a damaged EXIF block is no reason to lose the picture
        return image
    return image if turn is None else image.transpose(turn)


def _colors_and_alpha(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """The colours of an image, mode RGB, L or CMYK with 8 bits a channel, and its opacity where it is transparent."""
    if image.mode == "F" or image.mode.startswith("I"):
        return _from_deep_gray(image), None
    if image.mode == "LAB":
        return lab_to_srgb(image), None
    mode = image.mode if image.mode == "CMYK" else "L" if image.mode in {"1", "L", "LA"} else "RGB"
    if not image.has_transparency_data:
        return image.convert(mode), None
    layer = image.convert("RGBA")
    alpha = layer.getchannel("A")
    is_opaque = alpha.getextrema() == (255, 255)
    return layer.convert(mode), None if is_opaque else alpha


def _on_white(colors: Image.Image, alpha: Image.Image | None) -> Image.Image:
    colors = colors.convert("RGB")
    if alpha is None:
        return colors
    colors.putalpha(alpha)
    return Image.alpha_composite(Image.new("RGBA", colors.size, "white"), colors).convert("RGB")


def _from_deep_gray(image: Image.Image) -> Image.Image:
    """8-bit gray of a picture with more bits: integers run to 65535, floats to 1 (or to 255 where any is above 1)."""
    values = np.asarray(image).astype(np.float64)
    if not np.isfinite(values).all():
        raise BadPicture("unreadable", "holds values that are not finite numbers")
    white = 65535.0 if image.mode != "F" else 1.0 if values.max() <= 1 else 255.0
    return Image.fromarray(np.rint(np.clip(values / white, 0, 1) * 255).astype(np.uint8))
