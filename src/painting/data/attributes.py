"""Binary attributes of pictures: their labels, or without labels the informative words of their captions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from painting.data.captions import informative_words, words_of
from painting.data.folder.listing import Example
from painting.images import FloatArray

_MAX_VALUES = 256
_MIN_PICTURES_PER_VALUE = 1.5
"""A field with fewer pictures for each value names pictures rather than what is in them."""


def attributes_of(examples: Sequence[Example]) -> tuple[str, ...]:
    """Attribute names: "species=rose" for each label that differs between pictures; without labels "word=petals"."""
    fields = sorted({field for example in examples for field in example.labels})
    labels = tuple(name for field in fields for name in _values(field, examples))
    if labels:
        return labels
    return tuple(f"word={word}" for word in informative_words([example.captions for example in examples]))


def _values(field: str, examples: Sequence[Example]) -> list[str]:
    """A field's values as attributes; none for a field that is the same everywhere or names single pictures."""
    counts = Counter(example.labels[field] for example in examples if field in example.labels)
    if not 2 <= len(counts) <= _MAX_VALUES or counts.total() < _MIN_PICTURES_PER_VALUE * len(counts):
        return []
    return [f"{field}={value}" for value in sorted(counts)]


def label_values(attributes: Sequence[str]) -> dict[str, list[str]]:
    """The values of each label among the attributes, without the words of captions: {"species": ["daisy", …]}."""
    names = [attribute.partition("=")[::2] for attribute in attributes]
    fields = dict.fromkeys(field for field, _ in names if field != "word")
    return {field: [value for other, value in names if other == field] for field in fields}


def targets_of(examples: Sequence[Example], attributes: Sequence[str]) -> FloatArray:
    """Multi-hot attributes of each example: (examples, A) of 0 and 1."""
    index_of = {name: index for index, name in enumerate(attributes)}
    targets = np.zeros((len(examples), len(attributes)), np.float32)
    for row, example in enumerate(examples):
        names = {f"{field}={value}" for field, value in example.labels.items()}
        names |= {f"word={word}" for word in words_of(example.captions)}
        targets[row, [index_of[name] for name in names if name in index_of]] = 1
    return targets


def class_columns(attributes: Sequence[str]) -> list[int]:
    """Columns of the attributes that are classes, of which a picture has one: the label with the most values.

    Without labels there are no classes: words do not exclude each other.
    """
    columns = columns_by_field(attributes)
    columns.pop("word", None)
    return max(columns.values(), key=len, default=[])


def columns_by_field(attributes: Sequence[str]) -> dict[str, list[int]]:
    """The columns of each field's values among the attributes: {"color": [0, 1], "species": [2, 3, …]}."""
    columns: dict[str, list[int]] = {}
    for column, attribute in enumerate(attributes):
        columns.setdefault(attribute.partition("=")[0], []).append(column)
    return columns
