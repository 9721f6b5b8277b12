"""Match real pictures with others of the same labels: the floor of figures, what a perfect painter would get.

A painter is prompted for just the classes that the real pictures show. Others drawn at random, or split so that classes
are even, would have other numbers of each: too many are distant by that alone, and an unbiased estimate between two
evenly composed samples comes out far below 0, as they are more similar than chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from painting.data.picture_set import IntArray
from painting.evaluation.metrics.diversity import group_indices

MIN_MATCHED_SHARE = 0.5
"""Of the pictures that could be matched; where fewer are, classes are defined by fewer fields."""
MIN_CLASS_SIZE = 10
"""Pictures for each value of a field on average; a field with fewer names pictures, not classes."""

Labels = dict[str, str]


@dataclass(frozen=True)
class MatchedPairs:
    """Pairs of pictures of the same class, none twice: `indices` and `other_indices` (n,)."""

    indices: IntArray
    other_indices: IntArray
    shared_labels: str
    """What the class is defined by, in words; empty: nothing."""


def class_fields(labels: Sequence[Labels]) -> list[str]:
    """The fields that divide pictures into classes of ten and more, the one with the most values first."""
    fields = sorted({field for of_picture in labels for field in of_picture})
    value_counts = {field: len({of_picture.get(field) for of_picture in labels}) for field in fields}
    dividing = [field for field in fields if value_counts[field] * MIN_CLASS_SIZE <= len(labels)]
    return sorted(dividing, key=lambda field: -value_counts[field])


def match_by_labels(labels: Sequence[Labels], others: Sequence[Labels], seed: int = 0) -> MatchedPairs:
    """Pair pictures with others by their labels, at random within each class.

    Classes are defined by as many fields as leave most pictures a match; without labels every picture matches any.
    """
    fields = class_fields(labels)
    for count in range(len(fields), -1, -1):
        found = _match_by_fields(fields[:count], labels, others, np.random.default_rng(seed))
        if len(found.indices) >= MIN_MATCHED_SHARE * min(len(labels), len(others)):
            break
    return found


def _match_by_fields(
    fields: Sequence[str], labels: Sequence[Labels], others: Sequence[Labels], random: np.random.Generator
) -> MatchedPairs:
    classes = _classes(fields, labels)
    other_classes = _classes(fields, others)
    pairs: list[Any] = [np.zeros((2, 0), np.int64)]
    for label, indices in classes.items():
        some = random.permutation(indices)
        rest = random.permutation(other_classes.get(label, np.zeros(0, np.int64)))
        count = min(len(some), len(rest))
        pairs.append(np.stack([some[:count], rest[:count]]))
    indices, other_indices = np.concatenate(pairs, axis=1)
    order = np.argsort(indices)
    shared = f"of the same {' and '.join(fields)}" if fields else ""
    return MatchedPairs(indices[order], other_indices[order], shared)


def _classes(fields: Sequence[str], labels: Sequence[Labels]) -> dict[Any, IntArray]:
    """The indices of the pictures of each class."""
    return group_indices([tuple(of_picture.get(field, "") for field in fields) for of_picture in labels])
