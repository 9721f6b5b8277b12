"""Prompts of an evaluation, made from captions of real pictures, and the painted pictures, painted on demand.

N pictures, S side in px, C is 3 for RGB and 4 for RGBA.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from painting.data.picture_set import IntArray
from painting.evaluation.reference import RealPictures
from painting.images import UInt8Array, on_white
from painting.latents import SEED_COUNT


class ImageGenerator(Protocol):
    """A painter under evaluation: `painting.paint.painter.Painter` is one."""

    def paint_arrays(self, prompts: Sequence[str], seeds: Sequence[int]) -> UInt8Array:
        """One picture for each prompt and seed: uint8 (N, S, S, C); no prompts for a painter that takes none."""


@dataclass(frozen=True)
class Request:
    """A prompt, the labels that it names, and all labels of the real picture it comes from: {"species": "rose"}.

    Without captions the prompt is empty.
    """

    prompt: str
    named: dict[str, str]
    labels: dict[str, str]


@dataclass(frozen=True)
class PaintedPictures:
    """One picture of each request, painted on demand; the same id gives the same picture again."""

    painter: ImageGenerator
    requests: tuple[Request, ...]
    seeds: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many pictures there are."""
        return len(self.requests)

    def pictures(self, ids: IntArray) -> UInt8Array:
        """The pictures of these ids, 0 … count − 1, laid on white: uint8 (N, S, S, 3)."""
        chosen = [self.requests[index] for index in ids]
        prompts = [request.prompt for request in chosen] if any(request.prompt for request in chosen) else []
        return on_white(self.painter.paint_arrays(prompts, [self.seeds[index] for index in ids]))


def consecutive_seeds(start: int, count: int) -> tuple[int, ...]:
    """`count` seeds from `start` on; after the largest comes 0."""
    return tuple((start + offset) % SEED_COUNT for offset in range(count))


def evenly_spaced_indices(total: int, count: int) -> IntArray:
    """`count` evenly spaced indices of 0 … total − 1, all of them where there are no more: (count,)."""
    return np.linspace(0, total, min(count, total), endpoint=False).astype(np.int64)


def requests_of(reals: RealPictures, ids: IntArray) -> tuple[Request, ...]:
    """One prompt for each of these pictures: the first of its captions that names most of its labels."""
    return tuple(_request(reals.captions[index], reals.labels[index]) for index in ids)


def _request(captions: Sequence[str], labels: dict[str, str]) -> Request:
    named = [{field: value for field, value in labels.items() if caption_names(caption, value)} for caption in captions]
    if not named:
        return Request("", {}, labels)
    best = max(range(len(named)), key=lambda index: len(named[index]))
    return Request(captions[best], named[best], labels)


def caption_names(caption: str, value: str) -> bool:
    """Whether a caption holds a value as whole words: "rose" is not in "a primrose"."""
    return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", caption, re.IGNORECASE) is not None
