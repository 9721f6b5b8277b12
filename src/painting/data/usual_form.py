"""The usual form of a folder's pictures, which training learns by default: their side, and whether transparent."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from painting.data.decoding.decode import decode
from painting.data.decoding.upright_srgb import BadPicture, DecodedPicture

SAMPLE_FILES = 100
"""Files that are decoded to decide: they take a second or two, and a share of a tenth is known to a few per cent."""
MIN_TRANSPARENT_SHARE = 0.1
"""Of the sample: fewer are stray files among photographs, and cost each picture a channel."""
LEARNED_SIDES = (64, 128)
"""The sides in px that pictures are learned at by default."""
MAX_ENLARGEMENT = 1.5
"""Of the usual picture: enlarged more than this, it is learned at a smaller side."""


@dataclass(frozen=True)
class UsualForm:
    """The side in px at which pictures are learned, and whether their transparency is."""

    side: int
    has_alpha: bool


def usual_form(files: Sequence[Path]) -> UsualForm:
    """The form of a sample of the files, evenly spaced: its median side, and whether a tenth of it is transparent."""
    sample = np.linspace(0, len(files), min(SAMPLE_FILES, len(files)), endpoint=False).astype(int)
    pictures = [picture for index in sample if (picture := _decoded(files[index])) is not None]
    if not pictures:
        return UsualForm(LEARNED_SIDES[-1], has_alpha=False)
    usual_side = median(min(picture.image.size) for picture in pictures)
    transparent = sum(picture.alpha is not None for picture in pictures)
    return UsualForm(
        max((side for side in LEARNED_SIDES if side <= MAX_ENLARGEMENT * usual_side), default=LEARNED_SIDES[0]),
        transparent >= MIN_TRANSPARENT_SHARE * len(pictures),
    )


def _decoded(file: Path) -> DecodedPicture | None:
    """A picture; None of a file that cannot be decoded."""
    try:
        return decode(file)
    except BadPicture:
        return None
