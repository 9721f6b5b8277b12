"""Label accuracy and missing modes: the labels that a classifier reads off pictures, against those of their prompts.

N pictures, V values of a field.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from painting.data.picture_set import IntArray
from painting.evaluation.figure import Metric
from painting.evaluation.prompts import Request

LABEL_ACCURACY_METRIC = Metric(
    id="label_accuracy",
    name="{fields} accuracy",
    meaning="The share of pictures in which a classifier reads the label that the prompt names.",
    better="higher",
    faults=("ignored_prompt",),
)
JOINT_LABEL_ACCURACY_METRIC = Metric(
    id="joint_label_accuracy",
    name="joint {fields} accuracy",
    meaning="The share of pictures in which a classifier reads all labels that the prompt names.",
    better="higher",
    faults=("ignored_prompt",),
)
MISSING_MODES_METRIC = Metric(
    id="missing_modes",
    name="missing modes ({fields})",
    meaning="The share of label values that are hardly ever painted, though real pictures show them (mode dropping).",
    better="lower",
    faults=("missing_modes",),
)
MISSING_RATIO = 0.25
"""A value is missing that is read in less than this part of its share of the real pictures."""
MIN_REAL_COUNT = 5
"""Values that are read off fewer real pictures are too rare to be called missing."""


@dataclass(frozen=True)
class LabelRow:
    """The accuracy of one value of a field."""

    value: str
    n: int
    """Pictures whose prompt names it."""
    painted: float
    """Their share in which it is read, 0 … 1."""
    real: float
    """The same of the real pictures of these prompts."""
    confused_with: str | None
    """The other value that is read most often instead."""


@dataclass(frozen=True)
class LabelConfusion:
    """The confusion matrix of one field: how often each value is read (column) where a prompt names each (row)."""

    field: str
    split: str
    extractor: str
    values: tuple[str, ...]
    painted: IntArray
    """(V, V)"""
    real: IntArray
    """(V, V), of the real pictures of the prompts"""
    predictor: str
    """The classifier in words."""
    prompted: bool = True
    """Whether there were prompts; without them rows are the labels of real pictures, and only columns are of use."""

    @property
    def n(self) -> int:
        """Pictures whose prompt names a value."""
        return int(self.painted.sum())

    def rows(self) -> tuple[LabelRow, ...]:
        """A row for each value that prompts name."""
        return tuple(self._row(int(index)) for index in np.flatnonzero(self.painted.sum(axis=1)))

    def _row(self, index: int) -> LabelRow:
        others = self.painted[index].copy()
        others[index] = 0
        return LabelRow(
            value=self.values[index],
            n=int(self.painted[index].sum()),
            painted=_share(self.painted[index], index),
            real=_share(self.real[index], index),
            confused_with=self.values[int(others.argmax())] if others.any() else None,
        )

    @property
    def missing_values(self) -> tuple[str, ...]:
        """The values that are read far more rarely than off real pictures, whatever the prompts name."""
        painted = self.painted.sum(axis=0)
        real = self.real.sum(axis=0)
        rare = painted < MISSING_RATIO * real * (painted.sum() / max(real.sum(), 1))
        return tuple(self.values[index] for index in np.flatnonzero(rare & (real >= MIN_REAL_COUNT)))

    @property
    def common_value_count(self) -> int:
        """How many values are read off enough real pictures that they could be missing."""
        return int((self.real.sum(axis=0) >= MIN_REAL_COUNT).sum())


def _share(row: IntArray, index: int) -> float:
    return float(row[index] / max(row.sum(), 1))


@dataclass(frozen=True)
class LabelPredictions:
    """The predicted value of one field for the painted and the real picture of each prompt."""

    field: str
    values: tuple[str, ...]
    painted: IntArray
    """(N,), indices of the values"""
    real: IntArray
    """(N,)"""
    extractor: str
    predictor: str


def confusion_of(predictions: LabelPredictions, requests: Sequence[Request], split: str) -> LabelConfusion:
    """The confusion matrix over the prompts that name a value; without prompts, over the labels of real pictures."""
    index_of = {value: index for index, value in enumerate(predictions.values)}
    named = [_labels(request).get(predictions.field, "") for request in requests]
    rows = np.array([row for row, value in enumerate(named) if value in index_of], np.int64)
    targets = np.array([index_of[named[row]] for row in rows], np.int64)
    return LabelConfusion(
        field=predictions.field,
        split=split,
        extractor=predictions.extractor,
        values=predictions.values,
        painted=_confusion(targets, predictions.painted[rows], len(index_of)),
        real=_confusion(targets, predictions.real[rows], len(index_of)),
        predictor=predictions.predictor,
        prompted=any(request.prompt for request in requests),
    )


def _labels(request: Request) -> dict[str, str]:
    return request.named if request.prompt else request.labels


def _confusion(targets: IntArray, predicted: IntArray, count: int) -> IntArray:
    """Counts of pairs (target, predicted): (N,) twice → (V, V)."""
    counts = np.zeros((count, count), np.int64)
    np.add.at(counts, (targets, predicted), 1)
    return counts


def accuracy(counts: IntArray) -> float:
    """The share on the diagonal of counts (V, V)."""
    return float(np.trace(counts) / max(counts.sum(), 1))


def chance_accuracy(counts: IntArray) -> float:
    """The accuracy if the same predictions were assigned to prompts at random: (V, V)."""
    return float(counts.sum(axis=1) @ counts.sum(axis=0) / max(counts.sum(), 1) ** 2)
