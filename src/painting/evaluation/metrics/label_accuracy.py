"""Whether pictures show what their prompts asked for: the labels that are read back off them.

N pictures, V values of a field.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from painting.data.picture_set import IntArray
from painting.evaluation.figure import Figure, Metric
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
LEFT_OUT = 0.25
"""A value that is read in less than this part of its share of the real pictures is left out."""
EXPECTED = 5
"""Values that real pictures show more rarely than this many times are not judged."""


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
    """(V, V), where rows are what real pictures are labelled with"""
    read_by: str
    """Who reads, in words."""
    prompted: bool = True
    """Whether there were prompts; without them painted rows are what real pictures show, and only columns tell."""

    @property
    def n(self) -> int:
        """How many pictures were asked for."""
        return int(self.painted.sum())

    def rows(self) -> tuple[LabelRow, ...]:
        """A row for each value that prompts name."""
        return tuple(self._row(int(place)) for place in np.flatnonzero(self.painted.sum(axis=1)))

    def _row(self, place: int) -> LabelRow:
        others = self.painted[place].copy()
        others[place] = 0
        return LabelRow(
            value=self.values[place],
            n=int(self.painted[place].sum()),
            painted=_share(self.painted[place], place),
            real=_share(self.real[place], place),
            confused_with=self.values[int(others.argmax())] if others.any() else None,
        )

    @property
    def left_out(self) -> tuple[str, ...]:
        """The values that are read far more rarely than off real pictures, whoever asked for what."""
        painted, real = self.painted.sum(axis=0), self.real.sum(axis=0)
        rare = painted < LEFT_OUT * real * (painted.sum() / max(real.sum(), 1))
        return tuple(self.values[place] for place in np.flatnonzero(rare & (real >= EXPECTED)))

    @property
    def judged(self) -> int:
        """How many values real pictures show often enough to be missed."""
        return int((self.real.sum(axis=0) >= EXPECTED).sum())


def _share(row: IntArray, place: int) -> float:
    return float(row[place] / max(row.sum(), 1))


@dataclass(frozen=True)
class Readings:
    """What was read in one field off the painted and the real picture of each request."""

    field: str
    values: tuple[str, ...]
    painted: IntArray
    """(N,), places among the values"""
    real: IntArray
    """(N,)"""
    extractor: str
    read_by: str


def read_table(readings: Readings, requests: Sequence[Request], split: str) -> LabelConfusion:
    """Count what was read where a prompt named a value; without prompts, where the real picture is labelled with it."""
    place = {value: index for index, value in enumerate(readings.values)}
    wanted = [_wanted(request).get(readings.field, "") for request in requests]
    rows = np.array([row for row, value in enumerate(wanted) if value in place], np.int64)
    asked = np.array([place[wanted[row]] for row in rows], np.int64)
    counts = [np.zeros((len(place), len(place)), np.int64) for _ in range(2)]
    for count, read in zip(counts, (readings.painted, readings.real), strict=True):
        np.add.at(count, (asked, read[rows]), 1)
    prompted = any(request.prompt for request in requests)
    return LabelConfusion(
        field=readings.field,
        split=split,
        extractor=readings.extractor,
        values=readings.values,
        painted=counts[0],
        real=counts[1],
        read_by=readings.read_by,
        prompted=prompted,
    )


def _wanted(request: Request) -> dict[str, str]:
    return request.named if request.prompt else request.labels


def label_accuracy_figure(table: LabelConfusion, seed: int) -> Figure:
    """Label accuracy: the share of painted pictures in which the classifier reads the label that the prompt names."""
    figure = _figure(
        table,
        LABEL_ACCURACY_METRIC,
        share_right(table.painted),
        share_right(table.real),
        f"One picture for each of {table.n} {table.split} pictures, from its first caption that names most labels: the "
        f"share in which {table.read_by} reads the {table.field} of the prompt; real: the same share on these real "
        "pictures; chance: if prompts were ignored.",
    )
    return replace(figure, chance=share_by_chance(table.painted), seed=seed)


def missing_modes_figure(table: LabelConfusion, seed: int) -> Figure:
    """Missing modes: the share of values that real pictures show and painted ones hardly ever."""
    figure = _figure(
        table,
        MISSING_MODES_METRIC,
        len(table.left_out) / max(table.judged, 1),
        0.0,
        f"The part of the {table.judged} values of {table.field} that are read off painted pictures less than "
        f"{LEFT_OUT} times as often as off the real pictures that their prompts came from.",
    )
    return replace(figure, seed=seed)


def _figure(table: LabelConfusion, metric: Metric, value: float, real: float, protocol: str) -> Figure:
    """A figure of a table's field."""
    return Figure(
        metric=metric,
        value=value,
        real=real,
        n=table.n,
        extractor=table.extractor,
        split=table.split,
        protocol=protocol,
        fields=(table.field,),
    )


def share_right(counts: IntArray) -> float:
    """The share on the diagonal of counts (V, V)."""
    return float(np.trace(counts) / max(counts.sum(), 1))


def share_by_chance(counts: IntArray) -> float:
    """The share that would be right if the same readings were dealt out without regard to what was asked: (V, V)."""
    return float(counts.sum(axis=1) @ counts.sum(axis=0) / max(counts.sum(), 1) ** 2)
