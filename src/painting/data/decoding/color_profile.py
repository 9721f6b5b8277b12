"""Conversion of a picture's colours from its embedded profile (ICC) to sRGB."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms

MAX_SRGB_DIFFERENCE = 2
"""Levels of 255: a profile whose colours differ less from sRGB is sRGB, in one of its many wordings."""
SRGB_GAMMA = 0.45455
"""As PNG files have it."""
MIN_GAMMA = 0.1
"""A gamma below it, or above its inverse, is a mistake."""
GAMMA_TOLERANCE = 0.05
"""Of a gamma from that of sRGB, relative."""
_PROFILE_SPACES = {"RGB": "RGB ", "L": "GRAY", "CMYK": "CMYK"}
_GRID_LEVELS = 9


class BadProfile(Exception):
    """A colour profile that is damaged, or is one for other pixels."""


def to_srgb(image: Image.Image, profile: bytes) -> Image.Image | None:
    """An image of mode RGB, L or CMYK in sRGB, mode RGB; None where its profile is sRGB, so that nothing changes.

    Relative colorimetric with black point compensation, as image editors convert. Raises BadProfile.
    """
    transform = _transform(profile, image.mode)
    return None if transform is None else transform.apply(image)


def gamma_to_srgb(image: Image.Image, gamma: float) -> Image.Image | None:
    """An image of mode RGB or L of a PNG that has a gamma instead of a profile; None as above."""
    is_srgb = abs(gamma / SRGB_GAMMA - 1) < GAMMA_TOLERANCE
    if is_srgb or not MIN_GAMMA <= gamma <= 1 / MIN_GAMMA or image.mode not in {"RGB", "L"}:
        return None
    light = (np.arange(256) / 255) ** (1 / gamma)
    levels = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return image.point(np.rint(levels * 255).astype(int).tolist() * len(image.getbands()))


def lab_to_srgb(image: Image.Image) -> Image.Image:
    """An image of mode LAB in sRGB, mode RGB."""
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    transform = ImageCms.buildTransform(lab, srgb, "LAB", "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC)
    return transform.apply(image)


@lru_cache(maxsize=16)  # the pictures of a folder come from few cameras
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """The transform of a profile to sRGB for images of a mode; None: it is sRGB."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        space = source.profile.xcolor_space
        if space != _PROFILE_SPACES[mode]:
            raise BadProfile(f"is for {space.strip()} instead of {mode} pixels")
        transform = ImageCms.buildTransform(
            source,
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError) as error:
        raise BadProfile("is damaged") from error
    return None if _is_identity(transform, mode) else transform


def _is_identity(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """Whether a transform leaves a grid of colours as `convert("RGB")` has them, within MAX_SRGB_DIFFERENCE."""
    if mode == "CMYK":  # its plain conversion knows no inks
        return False
    grid = _color_grid(mode)
    converted = np.asarray(transform.apply(grid)).astype(int)
    return int(np.abs(converted - np.asarray(grid.convert("RGB"))).max()) <= MAX_SRGB_DIFFERENCE


def _color_grid(mode: str) -> Image.Image:
    """An image of evenly spaced colours, or of all levels of gray."""
    if mode == "L":
        return Image.fromarray(np.arange(256, dtype=np.uint8)[None])
    levels = np.linspace(0, 255, _GRID_LEVELS).round().astype(np.uint8)
    colors = np.stack(np.meshgrid(levels, levels, levels), axis=-1)
    return Image.fromarray(colors.reshape(1, -1, 3))
