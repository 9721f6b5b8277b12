"""The real pictures of one split, whatever they come from: photographs, drawn shapes, digits.

N pictures, S side in px.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from painting.data.cache import digest
from painting.data.digits.dataset import Digits
from painting.data.picture_set import IntArray
from painting.data.prepared import PreparedSet
from painting.data.rng import hash_uniform
from painting.data.shapes.dataset import prompts
from painting.data.shapes.scenes import SCENES, Scene, captions_of, draw
from painting.images import UInt8Array

Split = Literal["train", "validation", "test", "zero-shot"]
VERSION = 1
"""Raised whenever the same data would give other pictures or labels."""
_TRAIN, _TEST = 101, 102  # streams of draws that no training picture comes from


@dataclass(frozen=True)
class RealPictures:
    """`count` real pictures with what is known of each; captions and labels may be empty."""

    split: Split
    size: int
    content_hash: str
    names: tuple[str, ...]
    captions: tuple[tuple[str, ...], ...]
    labels: tuple[dict[str, str], ...]
    read: Callable[[IntArray], UInt8Array]

    @property
    def count(self) -> int:
        """How many pictures there are."""
        return len(self.names)

    @property
    def conditional(self) -> bool:
        """Whether there are captions to paint from."""
        return any(self.captions)

    def pictures(self, ids: IntArray) -> UInt8Array:
        """The pictures of these ids, 0 … count − 1: uint8 (N, S, S, 3)."""
        return self.read(np.asarray(ids))


@dataclass(frozen=True)
class EvaluationData:
    """What a painter is measured against: what it was trained on, what it has not seen, and unseen pairs of labels.

    What it has not seen is the test part, or, where painters are to be chosen, the validation part.
    """

    train: RealPictures
    test: RealPictures
    zero_shot: RealPictures | None = None

    @property
    def splits(self) -> tuple[RealPictures, ...]:
        """All splits, what training has not seen first."""
        return tuple(split for split in (self.test, self.train, self.zero_shot) if split is not None)


def reals_of_prepared(data: PreparedSet, split: Split) -> RealPictures:
    """Photographs: the whole picture of each (its view 0), with its captions and labels."""
    return RealPictures(
        split=split,
        size=data.size,
        content_hash=digest("reals", VERSION, data.content_hash),
        names=tuple(example.name for example in data.examples),
        captions=tuple(example.captions for example in data.examples),
        labels=tuple(example.labels for example in data.examples),
        read=lambda ids: data.pictures(ids * data.views),
    )


def reals_of_digits(data: Digits, split: Split) -> RealPictures:
    """Labelled pictures without captions, for painters that take no prompt."""
    ids = np.arange(data.count)
    shown = [data.attributes[place].partition("=") for place in data.labels(ids)]
    return RealPictures(
        split=split,
        size=data.size,
        content_hash=digest("reals", VERSION, data.content_hash),
        names=tuple(map(str, ids)),
        captions=((),) * data.count,
        labels=tuple({field: value} for field, _, value in shown),
        read=data.pictures,
    )


def reals_of_shapes(size: int, split: Split, count: int) -> RealPictures:
    """Drawn shapes with the fullest wording of each: "train" and "test" show seen pairs, "zero-shot" the others."""
    by_caption = {captions_of(scene)[0]: scene for scene in SCENES}
    texts = [text for text, _, _ in prompts("unseen" if split == "zero-shot" else "seen", count)]
    return _drawn([by_caption[text] for text in texts], size, split)


def _drawn(scenes: Sequence[Scene], size: int, split: Split) -> RealPictures:
    stream = _TRAIN if split == "train" else _TEST
    offsets = 2 * hash_uniform(np.arange(len(scenes)), 2, stream) - 1
    return RealPictures(
        split=split,
        size=size,
        content_hash=digest("drawn", VERSION, size, split, len(scenes)),
        names=tuple(map(str, range(len(scenes)))),
        captions=tuple((captions_of(scene)[0],) for scene in scenes),
        labels=tuple({"color": s.color, "shape": s.shape, "size": s.size, "background": s.background} for s in scenes),
        read=lambda ids: draw([scenes[place] for place in ids], offsets[ids], size),
    )
