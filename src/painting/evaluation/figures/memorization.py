"""Memorization as figures, and the closest pairs of painted and training pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from painting.data.array_cache import Rows, subsample
from painting.evaluation.feature_cache import PicturesOf
from painting.evaluation.figure import Figure
from painting.evaluation.figures.distribution import FeatureSample
from painting.evaluation.metrics.memorization import (
    C_T_METRIC,
    CELL_COUNT,
    CLOSEST_PAIR_COUNT,
    FIRST_PERCENTILE,
    MEMORIZATION_RATE_METRIC,
    ClosestPair,
    Memorization,
    measure_memorization,
)
from painting.evaluation.metrics.precision_recall import MAX_SAMPLE_SIZE
from painting.evaluation.prompts import Request, evenly_spaced_indices
from painting.evaluation.reference import RealPictures


@dataclass(frozen=True)
class MemorizationResult:
    """A sample's memorization, with the numbers of pictures that were compared."""

    sample: FeatureSample
    found: Memorization
    painted: int
    held_out: int
    training: int

    def figures(self) -> list[Figure]:
        """The data-copying test, where there are enough pictures for it, and the memorization rate."""
        counts = f"{self.painted} painted and {self.held_out} held-out pictures, {self.training} training pictures"
        rate = self.sample.figure(
            MEMORIZATION_RATE_METRIC,
            self.found.rate,
            FIRST_PERCENTILE / 100,
            f"{counts}: the share of painted ones whose closest training picture is closer than 99% of held-out "
            "ones' are.",
        )
        if self.found.c_t is None:
            return [rate]
        c_t = self.sample.figure(
            C_T_METRIC,
            self.found.c_t,
            0.0,
            f"{counts}: the data-copying test of Meehan et al. (2020) over {CELL_COUNT} cells; far below 0: painted "
            "ones lie closer to training pictures than held-out ones do.",
        )
        return [c_t, rate]

    def closest_pairs(
        self, painted: PicturesOf, training: RealPictures, requests: Sequence[Request], seeds: Sequence[int]
    ) -> list[ClosestPair]:
        """The pairs of least distance, each painted picture once, closest first."""
        distances = self.found.nearest.distances[:, 0]
        nearest = self.found.nearest.indices[:, 0]
        order = np.argsort(distances, kind="stable")[:CLOSEST_PAIR_COUNT]
        rows = evenly_spaced_indices(self.sample.n, MAX_SAMPLE_SIZE)[order]
        painted_pictures = painted(rows)
        training_pictures = training.pictures(nearest[order])
        return [
            ClosestPair(
                painted=painted_pictures[rank],
                training=training_pictures[rank],
                distance=float(distances[index]),
                typical=self.found.typical,
                seed=seeds[row],
                prompt=requests[row].prompt or None,
                training_name=training.names[nearest[index]],
                extractor=self.sample.extractor.name,
            )
            for rank, (index, row) in enumerate(zip(order, rows, strict=True))
        ]


def compare_with_training(sample: FeatureSample, held_out: Rows, training: Rows) -> MemorizationResult:
    """Compare a sample's painted pictures, 10,000 at most, with as many held-out and with all training pictures."""
    painted = subsample(sample.painted, MAX_SAMPLE_SIZE)
    held_out = subsample(held_out, MAX_SAMPLE_SIZE)
    return MemorizationResult(
        sample=sample,
        found=measure_memorization(painted, held_out, training),
        painted=len(painted),
        held_out=len(held_out),
        training=len(training),
    )
