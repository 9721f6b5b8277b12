"""Other real pictures of the same kinds: what a painter that could not be better would paint, so the floor of figures.

A painter is asked for just the kinds that the real pictures show. Others that are drawn at random, or parted so that
kinds are even, would show other numbers of them: too many are at a distance by that alone, and an unbiased estimate
between two evenly composed samples comes out far below 0, as they are more alike than chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from painting.data.picture_set import IntArray
from painting.evaluation.metrics.diversity import members

ENOUGH = 0.5
"""At least this part of what could be matched must be, or kinds are told apart by fewer fields."""
MEMBERS = 10
"""A field with fewer pictures for each of its values names pictures, not kinds."""

Labels = dict[str, str]


@dataclass(frozen=True)
class Matched:
    """Pairs of places of the same kind, none twice: `one` and `other` (n,); `alike` says of what kind."""

    one: IntArray
    other: IntArray
    alike: str


def sorting_fields(labels: Sequence[Labels]) -> list[str]:
    """The fields that sort pictures into kinds of ten and more, the one with the most values first."""
    fields = sorted({field for of_one in labels for field in of_one})
    kinds = {field: len({of_one.get(field) for of_one in labels}) for field in fields}
    sorting = [field for field in fields if kinds[field] * MEMBERS <= len(labels)]
    return sorted(sorting, key=lambda field: -kinds[field])


def match(labels: Sequence[Labels], others: Sequence[Labels], seed: int = 0) -> Matched:
    """Pair pictures with others by their labels, drawn at random within each kind.

    Kinds are told by as many fields as leave most pictures a match; without labels every picture matches every other.
    """
    fields = sorting_fields(labels)
    for many in range(len(fields), -1, -1):
        found = _match_by(fields[:many], labels, others, np.random.default_rng(seed))
        if len(found.one) >= ENOUGH * min(len(labels), len(others)):
            break
    return found


def _match_by(
    fields: Sequence[str], labels: Sequence[Labels], others: Sequence[Labels], draws: np.random.Generator
) -> Matched:
    ours, theirs = (
        members([tuple(of_one.get(field, "") for field in fields) for of_one in of_all]) for of_all in (labels, others)
    )
    pairs: list[Any] = [np.zeros((2, 0), np.int64)]
    for kind, places in ours.items():
        some, rest = draws.permutation(places), draws.permutation(theirs.get(kind, np.zeros(0, np.int64)))
        many = min(len(some), len(rest))
        pairs.append(np.stack([some[:many], rest[:many]]))
    one, other = np.concatenate(pairs, axis=1)
    order = np.argsort(one)
    return Matched(one[order], other[order], f"of the same {' and '.join(fields)}" if fields else "")
