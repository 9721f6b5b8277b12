"""Memorization: how close generated pictures are to the training set, compared with held-out real ones.

N generated, M held-out and T training pictures, D features.
"""

from dataclasses import dataclass

import numpy as np
from scipy.cluster.vq import kmeans2
from scipy.stats import rankdata

from painting.data.array_cache import Rows, RowSubset, blocks
from painting.data.picture_set import IntArray
from painting.evaluation.figure import Metric
from painting.evaluation.metrics.knn import NearestNeighbours, nearest_neighbours
from painting.images import FloatArray, UInt8Array

C_T_METRIC = Metric(
    id="c_t",
    name="C_T",
    meaning="Whether pictures lie closer to training pictures than held-out real ones do; below −3: data copying.",
    better="like real",
    faults=("memorization",),
)
MEMORIZATION_RATE_METRIC = Metric(
    id="memorization_rate",
    name="memorization rate",
    meaning="The share of pictures closer to a training picture than 99% of held-out real ones: 1% is usual.",
    better="like real",
    faults=("memorization",),
)
CLOSEST_PAIR_COUNT = 20
CELL_COUNT = 5
MIN_CELL_SIZE = 20
"""A cell with fewer generated or held-out pictures is not tested (Meehan et al. 2020)."""
FIRST_PERCENTILE = 1
MAX_CLUSTERED = 10_000
"""Training pictures that the cells are clustered from."""


@dataclass(frozen=True)
class ClosestPair:
    """A generated picture and its nearest training picture, both uint8 (S, S, 3)."""

    painted: UInt8Array
    training: UInt8Array
    distance: float
    typical: float
    """The median distance of a held-out picture from its nearest training picture."""
    seed: int
    prompt: str | None
    training_name: str
    extractor: str


@dataclass(frozen=True)
class Memorization:
    """The tests of one sample of generated pictures by their nearest training pictures."""

    c_t: float | None
    """The data-copying test: how much farther generated pictures are from the training set than held-out ones, in
    standard deviations of chance, the mean over cells. Far below 0: copies; far above: unlike the data. None where no
    cell has enough pictures."""
    rate: float
    """The share of generated pictures closer to a training picture than 99 of 100 held-out ones."""
    typical: float
    """The median distance of a held-out picture from its nearest training picture."""
    nearest: NearestNeighbours
    """The nearest training picture of each generated one."""


def measure_memorization(generated: Rows, held_out: Rows, training: Rows) -> Memorization:
    """Compare the nearest training pictures (T, D) of generated (N, D) and of held-out pictures (M, D)."""
    of_generated = nearest_neighbours(generated, training)
    distances = of_generated.distances[:, 0]
    usual = nearest_neighbours(held_out, training).distances[:, 0]
    centers = cell_centers(training)
    cells = nearest_neighbours(generated, centers).indices[:, 0]
    cells_held_out = nearest_neighbours(held_out, centers).indices[:, 0]
    return Memorization(
        c_t=c_t(distances, usual, cells, cells_held_out),
        rate=float((distances < np.percentile(usual, FIRST_PERCENTILE)).mean()),
        typical=float(np.median(usual)),
        nearest=of_generated,
    )


def cell_centers(training: Rows, cells: int = CELL_COUNT, seed: int = 0) -> FloatArray:
    """The k-means centres of the cells of the feature space: (T, D) → (cells, D)."""
    random = np.random.default_rng(seed)
    chosen = RowSubset(training, np.sort(random.permutation(len(training))[:MAX_CLUSTERED]))
    some = np.concatenate(list(blocks(chosen)))  # at once, nearly every page of a large file would be mapped
    centers, _ = kmeans2(some, min(cells, len(some)), minit="++", rng=random)
    return np.asarray(centers, np.float32)


def c_t(generated: FloatArray, held_out: FloatArray, cells: IntArray, cells_held_out: IntArray) -> float | None:
    """The data-copying test of Meehan et al. (2020) from distances (N,), (M,) and their cells.

    The mean of `z_u` over cells with enough pictures of both, each weighing as its held-out pictures; None without any.
    """
    scores = []
    weights = []
    for cell in np.unique(cells_held_out):
        here = generated[cells == cell]
        there = held_out[cells_held_out == cell]
        if min(len(here), len(there)) >= MIN_CELL_SIZE:
            scores.append(z_u(here, there))
            weights.append(len(there))
    return float(np.average(scores, weights=weights)) if scores else None


def z_u(generated: FloatArray, held_out: FloatArray) -> float:
    """The standardised Mann-Whitney U of generated distances (N,) and held-out ones (M,): about 0 if alike."""
    n = len(generated)
    m = len(held_out)
    u = rankdata(np.concatenate([generated, held_out]))[:n].sum() - n * (n + 1) / 2
    return float((u - n * m / 2) / np.sqrt(n * m * (n + m + 1) / 12))
