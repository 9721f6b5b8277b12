"""Reference data: the real pictures of one split, be they photographs, drawn shapes or digits.

N pictures, S side in px.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from painting.data.cache import digest
from painting.data.digits.dataset import Digits
from painting.data.folder.partition_names import Partition
from painting.data.issues import printable
from painting.data.picture_set import IntArray
from painting.data.prepared import PreparedSet
from painting.data.rng import hash_uniform
from painting.data.shapes.dataset import prompts
from painting.data.shapes.scenes import ALL_SCENES, Scene, captions_of, draw_scenes
from painting.images import UInt8Array

REFERENCE_VERSION = 1
"""Raised whenever the same data would give other pictures or labels."""
# Streams of random numbers that no training picture comes from:
_TRAIN_STREAM = 101
_TEST_STREAM = 102


@dataclass(frozen=True)
class RealPictures:
    """`count` real pictures with the captions and labels of each, which may be empty."""

    split: Partition
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
    """The reference data of an evaluation: the training set, held-out pictures, and zero-shot pairs of labels.

    Held out is the test set, or, for model selection, the validation set.
    """

    train: RealPictures
    test: RealPictures
    zero_shot: RealPictures | None = None

    @property
    def splits(self) -> tuple[RealPictures, ...]:
        """All splits, the held-out one first."""
        return tuple(split for split in (self.test, self.train, self.zero_shot) if split is not None)


def real_photographs(data: PreparedSet, split: Partition) -> RealPictures:
    """Photographs: the whole picture of each (its view 0), with its captions and labels."""
    return RealPictures(
        split=split,
        size=data.size,
        content_hash=digest("reals", REFERENCE_VERSION, data.content_hash),
        names=tuple(printable(example.name) for example in data.examples),
        captions=tuple(example.captions for example in data.examples),
        labels=tuple(example.labels for example in data.examples),
        read=lambda ids: data.pictures(ids * data.views),
    )


def real_digits(data: Digits, split: Partition, at_most: int | None = None) -> RealPictures:
    """Labelled pictures without captions, for painters that take no prompt; at most so many, evenly spaced."""
    count = min(at_most or data.count, data.count)
    ids = np.linspace(0, data.count, count, endpoint=False).astype(np.int64)
    labels = [data.attributes[label].partition("=") for label in data.labels(ids)]
    return RealPictures(
        split=split,
        size=data.size,
        content_hash=digest("reals", REFERENCE_VERSION, data.content_hash),
        names=tuple(map(str, ids)),
        captions=((),) * count,
        labels=tuple({field: value} for field, _, value in labels),
        read=lambda indices: data.pictures(ids[indices]),
    )


def real_shapes(size: int, split: Partition, count: int) -> RealPictures:
    """Drawn shapes, each with its fullest caption: "train" and "test" have training's pairs, "zero-shot" others."""
    by_caption = {captions_of(scene)[0]: scene for scene in ALL_SCENES}
    texts = [text for text, _, _ in prompts("unseen" if split == "zero-shot" else "seen", count)]
    return _drawn([by_caption[text] for text in texts], size, split)


def _drawn(scenes: Sequence[Scene], size: int, split: Partition) -> RealPictures:
    stream = _TRAIN_STREAM if split == "train" else _TEST_STREAM
    offsets = 2 * hash_uniform(np.arange(len(scenes)), 2, stream) - 1
    return RealPictures(
        split=split,
        size=size,
        content_hash=digest("drawn", REFERENCE_VERSION, size, split, len(scenes)),
        names=tuple(map(str, range(len(scenes)))),
        captions=tuple((captions_of(scene)[0],) for scene in scenes),
        labels=tuple({"color": s.color, "shape": s.shape, "size": s.size, "background": s.background} for s in scenes),
        read=lambda ids: draw_scenes([scenes[index] for index in ids], offsets[ids], size),
    )
