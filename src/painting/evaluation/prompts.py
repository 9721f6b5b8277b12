"""What a painter is asked for in evaluation, and its pictures, painted when they are asked for.

N pictures, S side in px.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from painting.data.picture_set import IntArray
from painting.evaluation.reference import RealPictures
from painting.images import UInt8Array

SEEDS = 2**32
"""Seeds are below it."""


class Paints(Protocol):
    """What evaluation asks of a painter: `painting.painter.Painter` is one."""

    def paint_arrays(self, prompts: Sequence[str], seeds: Sequence[int]) -> UInt8Array:
        """One picture for each prompt and seed: uint8 (N, S, S, 3); no prompts for a painter that takes none."""


@dataclass(frozen=True)
class Request:
    """A prompt, the labels that it names, and all labels of the picture it comes from: {"species": "rose"}.

    Without captions the prompt is empty.
    """

    prompt: str
    named: dict[str, str]
    labels: dict[str, str]


@dataclass(frozen=True)
class PaintedPictures:
    """One picture of each request, painted on demand: the same again for the same id."""

    painter: Paints
    requests: tuple[Request, ...]
    seeds: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many pictures there are."""
        return len(self.requests)

    def pictures(self, ids: IntArray) -> UInt8Array:
        """The pictures of these ids, 0 … count − 1: uint8 (N, S, S, 3)."""
        chosen = [self.requests[place] for place in ids]
        prompts = [request.prompt for request in chosen] if any(request.prompt for request in chosen) else []
        return self.painter.paint_arrays(prompts, [self.seeds[place] for place in ids])


def seeds_from(start: int, count: int) -> tuple[int, ...]:
    """`count` seeds that count up from the first."""
    return tuple((start + place) % SEEDS for place in range(count))


def spread_ids(held: int, count: int) -> IntArray:
    """`count` of `held` pictures, evenly spread over their sorted names: (count,)."""
    return np.linspace(0, held, min(count, held), endpoint=False).astype(np.int64)


def requests_of(reals: RealPictures, ids: IntArray) -> tuple[Request, ...]:
    """One prompt for each of these pictures: the first of its captions that names most of its labels."""
    return tuple(_request(reals.captions[place], reals.labels[place]) for place in ids)


def _request(captions: Sequence[str], labels: dict[str, str]) -> Request:
    named = [{field: value for field, value in labels.items() if names(caption, value)} for caption in captions]
    if not named:
        return Request("", {}, labels)
    best = max(range(len(named)), key=lambda place: len(named[place]))
    return Request(captions[best], named[best], labels)


def names(caption: str, value: str) -> bool:
    """Whether a caption holds a value as whole words: "rose" is not in "a primrose"."""
    return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", caption, re.IGNORECASE) is not None
