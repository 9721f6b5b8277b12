"""What pictures show, as yes or no: their labels, or without labels the telling words of their captions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from painting.data.captions import telling_words, words_of
from painting.data.folder import Example
from painting.images import FloatArray

_MOST_VALUES = 256
_FEWEST_PICTURES = 1.5
"""A field with fewer pictures for each value names pictures rather than what they show."""


def attributes_of(examples: Sequence[Example]) -> tuple[str, ...]:
    """ "species=rose" for each label that tells pictures apart; else "word=petals" for each telling word."""
    fields = sorted({field for example in examples for field in example.labels})
    labels = tuple(name for field in fields for name in _values(field, examples))
    if labels:
        return labels
    return tuple(f"word={word}" for word in telling_words([example.captions for example in examples]))


def _values(field: str, examples: Sequence[Example]) -> list[str]:
    """A field's values as attributes; none for a field that is the same everywhere or a name."""
    counts = Counter(example.labels[field] for example in examples if field in example.labels)
    if not 2 <= len(counts) <= _MOST_VALUES or counts.total() < _FEWEST_PICTURES * len(counts):
        return []
    return [f"{field}={value}" for value in sorted(counts)]


def targets_of(examples: Sequence[Example], attributes: Sequence[str]) -> FloatArray:
    """Which attributes each example shows: (examples, A) of 0 and 1."""
    place = {name: index for index, name in enumerate(attributes)}
    targets = np.zeros((len(examples), len(attributes)), np.float32)
    for row, example in enumerate(examples):
        shown = {f"{field}={value}" for field, value in example.labels.items()}
        shown |= {f"word={word}" for word in words_of(example.captions)}
        targets[row, [place[name] for name in shown if name in place]] = 1
    return targets


def class_places(attributes: Sequence[str]) -> list[int]:
    """Which attributes are the classes that a picture has one of: the values of the label with the most of them.

    Without labels there are no classes: telling words do not exclude each other.
    """
    places: dict[str, list[int]] = {}
    for place, attribute in enumerate(attributes):
        places.setdefault(attribute.partition("=")[0], []).append(place)
    places.pop("word", None)
    return max(places.values(), key=len, default=[])
