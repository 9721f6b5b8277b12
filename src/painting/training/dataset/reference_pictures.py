"""Reference pictures: the real ones that a run's painter is compared with, held out where a folder holds any out.

Letters: N pictures of side S in px, E numbers in a text vector.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from painting.data.picture_set import CaptionedSet, IntArray, PictureSet
from painting.errors import TrainingError
from painting.images import FloatArray, UInt8Array
from painting.training.config.base import Preset
from painting.training.dataset.batches import TrainingData
from painting.training.dataset.picture_source import open_held_out
from painting.training.rng import evenly_spaced_ids

MAX_REFERENCE_PICTURES = 100
"""A network takes 0.1 s a picture on a core, and the spread of KID of so many is a tenth of what a bad run loses."""
MIN_HELD_OUT_PICTURES = 40
"""Fewer held-out pictures cannot decide anything: the training pictures are taken instead."""


@dataclass(frozen=True)
class ReferencePictures:
    """Real pictures uint8 (N, S, S, 3) with a standardised text vector of one caption each, float32 (N, E)."""

    pictures: UInt8Array
    text: FloatArray
    partition: str
    """Where they are from: "validation", "test", or "train" where too few are held out."""

    def describe(self) -> str:
        """Their number and partition, in words."""
        remark = ", as too few are held out" if self.partition == "train" else ""
        return f"{len(self.pictures)} {self.partition} pictures{remark}"


def open_reference_pictures(preset: Preset, source: Path | None, data: TrainingData) -> ReferencePictures:
    """Evenly spaced pictures of the validation partition, else the test partition, else the training pictures.

    Raises TrainingError where they have no captions, DataError where held-out pictures cannot be used.
    """
    partition, pictures = open_held_out(preset, source, data.encoder)
    if pictures is None or _count(pictures) < MIN_HELD_OUT_PICTURES:
        partition, pictures = "train", data.pictures
    if not isinstance(pictures, CaptionedSet):
        raise TrainingError("Pictures without captions cannot be compared with a painter that takes prompts.")
    ids = _first_views(pictures)
    text = data.info.standardise(pictures.text_vectors(ids, np.zeros(len(ids), np.float32)))
    return ReferencePictures(pictures.pictures(ids), text, partition)


def _count(pictures: PictureSet) -> int:
    """The number of different pictures; of an endless set as many as are compared."""
    return MAX_REFERENCE_PICTURES if pictures.count is None else pictures.count // pictures.views


def _first_views(pictures: PictureSet) -> IntArray:
    count = _count(pictures)
    return evenly_spaced_ids(min(count, MAX_REFERENCE_PICTURES), count) * pictures.views
