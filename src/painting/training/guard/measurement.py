"""Measurement of a painter by its pictures' distance from real ones, with a standard error by the jackknife.

The network and the formula are passed in: training does not import evaluation.
Letters: N pictures, S side in px, D features, G groups, E numbers in a text vector.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from painting.images import FloatArray, UInt8Array
from painting.progress import TaskProgressCallback, no_progress
from painting.training.dataset.reference_pictures import ReferencePictures

SEED_SETS = 2
"""Sets of seeds with which every prompt is painted."""
JACKKNIFE_GROUPS = 20


class PictureDistance(Protocol):
    """A distance between samples of pictures: `painting.evaluation.picture_distance.EfficientNetKid` is one."""

    @property
    def name(self) -> str:
        """What it measures and by which network, for messages."""

    @property
    def figure(self) -> tuple[str, str]:
        """The id and the extractor of the same figure in a painter's card."""

    @property
    def far(self) -> float:
        """The distance from which on real pictures are of another world than a painter's."""

    def features(self, pictures: UInt8Array) -> FloatArray:
        """Features (N, D) of pictures uint8 (N, S, S, 3)."""

    def between(self, real: FloatArray, painted: FloatArray) -> float:
        """The distance of features (N, D) of painted pictures from those of real ones; row i of both has one prompt."""


class TextVectorPainter(Protocol):
    """A painter of text vectors: `run.preview.RunPainter` is one."""

    def paint_text_vectors(self, text: FloatArray | None, seeds: Sequence[int]) -> UInt8Array:
        """One picture for each standardised text vector (N, E) and seed: uint8 (N, S, S, 3)."""


@dataclass(frozen=True)
class Measurement:
    """The distance of a painter's pictures from real ones, and without each group of pictures in turn, (G,)."""

    distance: float
    without_group: tuple[float, ...]

    @property
    def standard_error(self) -> float:
        """The jackknife's standard error of the distance (Efron & Stein 1981)."""
        return jackknife_error(self.without_group)

    def minus(self, other: "Measurement") -> "Measurement":
        """The difference of two measurements on the same real pictures, whose errors mostly cancel."""
        groups = zip(self.without_group, other.without_group, strict=True)
        return Measurement(self.distance - other.distance, tuple(one - another for one, another in groups))


def jackknife_error(without_group: Sequence[float]) -> float:
    """The standard error of an estimate from those without each of G equal groups: √((G−1)/G · Σ (xᵢ − x̄)²)."""
    count = len(without_group)
    mean = sum(without_group) / count
    return math.sqrt((count - 1) / count * sum((value - mean) ** 2 for value in without_group))


def measure_painter(
    painter: TextVectorPainter,
    reference: ReferencePictures,
    real: FloatArray,
    distance: PictureDistance,
    report: TaskProgressCallback = no_progress,
) -> Measurement:
    """Paint the reference pictures' captions with `SEED_SETS` seeds each, always the same, and measure the distance.

    `real` (N, D) are the features of the reference pictures.
    """
    count = len(real)
    painted = []
    for number in range(SEED_SETS):
        report("comparing with real pictures", number, SEED_SETS)
        seeds = range(number * count, (number + 1) * count)
        painted.append(distance.features(painter.paint_text_vectors(reference.text, seeds)))  # (N, D)

    def mean_distance(rows: Sequence[int]) -> float:
        return float(np.mean([distance.between(real[rows], features[rows]) for features in painted]))

    groups = min(JACKKNIFE_GROUPS, count)
    kept = [[row for row in range(count) if row % groups != group] for group in range(groups)]
    return Measurement(mean_distance(range(count)), tuple(map(mean_distance, kept)))
