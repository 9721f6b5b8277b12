"""Copying as figures, and the closest pairs to look at."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from painting.data.array_cache import Rows, subsample
from painting.evaluation.feature_cache import PicturesOf
from painting.evaluation.figure import Figure
from painting.evaluation.figures.distribution import Sample
from painting.evaluation.metrics.memorization import (
    C_T_METRIC,
    CELLS,
    FIRST_PERCENTILE,
    MEMORIZATION_RATE_METRIC,
    PAIRS,
    ClosestPair,
    Copying,
    copying,
)
from painting.evaluation.metrics.precision_recall import MOST
from painting.evaluation.prompts import Request, spread_ids
from painting.evaluation.reference import RealPictures


@dataclass(frozen=True)
class Copies:
    """What nearest training pictures told of a sample."""

    sample: Sample
    found: Copying
    painted: int
    held_out: int
    training: int

    def figures(self) -> list[Figure]:
        """The C_T test, where there are enough pictures for it, and the share below the first percentile."""
        told = f"{self.painted} painted and {self.held_out} held-out pictures, {self.training} training pictures"
        closer = self.sample.figure(
            MEMORIZATION_RATE_METRIC,
            self.found.closer,
            FIRST_PERCENTILE / 100,
            f"{told}: the share of painted ones whose closest training picture is closer than 99% of held-out "
            "ones' are.",
        )
        if self.found.c_t is None:
            return [closer]
        c_t = self.sample.figure(
            C_T_METRIC,
            self.found.c_t,
            0.0,
            f"{told}: the data-copying test of Meehan et al. (2020) over {CELLS} cells; far below 0: painted ones lie "
            "closer to training pictures than held-out ones do.",
        )
        return [c_t, closer]

    def closest_pairs(
        self, painted: PicturesOf, training: RealPictures, requests: Sequence[Request], seeds: Sequence[int]
    ) -> list[ClosestPair]:
        """The pairs of least distance, each painted picture once, closest first."""
        distances, places = self.found.generated.distances[:, 0], self.found.generated.places[:, 0]
        order = np.argsort(distances, kind="stable")[:PAIRS]
        rows = spread_ids(self.sample.n, MOST)[order]
        pictures, copied = painted(rows), training.pictures(places[order])
        return [
            ClosestPair(
                painted=pictures[rank],
                training=copied[rank],
                distance=float(distances[place]),
                typical=self.found.typical,
                seed=seeds[row],
                prompt=requests[row].prompt or None,
                training_name=training.names[places[place]],
                extractor=self.sample.extractor.name,
            )
            for rank, (place, row) in enumerate(zip(order, rows, strict=True))
        ]


def find_copies(sample: Sample, held_out: Rows, training: Rows) -> Copies:
    """Compare a sample's painted pictures, 10,000 at most, with as many held-out and with all training pictures."""
    some, held_out = subsample(sample.painted, MOST), subsample(held_out, MOST)
    return Copies(sample, copying(some, held_out, training), len(some), len(held_out), len(training))
