"""Transparency of a folder: whether enough of its pictures have it for training to learn it by default."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from painting.data.decoding.decode import decode
from painting.data.decoding.upright_srgb import BadPicture

SAMPLE_FILES = 100
"""Files that are decoded to decide: they take a second or two, and a share of a tenth is known to a few per cent."""
MIN_TRANSPARENT_SHARE = 0.1
"""Of the sample: fewer are stray files among photographs, and cost each picture a channel."""


def is_transparency_learned(files: Sequence[Path]) -> bool:
    """Whether at least a tenth of a sample of the files, evenly spaced, has pixels that are not opaque."""
    sample = np.linspace(0, len(files), min(SAMPLE_FILES, len(files)), endpoint=False).astype(int)
    transparent = [found for index in sample if (found := _is_transparent(files[index])) is not None]
    return bool(transparent) and sum(transparent) >= MIN_TRANSPARENT_SHARE * len(transparent)


def _is_transparent(file: Path) -> bool | None:
    """Whether a picture is; None of a file that cannot be decoded."""
    try:
        return decode(file).alpha is not None
    except BadPicture:
        return None
