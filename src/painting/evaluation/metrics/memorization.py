"""Whether a painter returns what it was trained on: its pictures against others that it never saw.

N generated, M held-out and T training pictures, D features.
"""

from dataclasses import dataclass

import numpy as np
from scipy.cluster.vq import kmeans2
from scipy.stats import rankdata

from painting.data.array_cache import Rows, RowSubset, blocks
from painting.data.picture_set import IntArray
from painting.evaluation.figure import Metric
from painting.evaluation.metrics.knn import Nearest, nearest
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
PAIRS = 20
CELLS = 5
ENOUGH = 20
"""A cell with fewer pictures of a kind says nothing (Meehan et al. 2020)."""
FIRST_PERCENTILE = 1
MOST_TO_PART = 10_000
"""How many training pictures the cells are found with."""


@dataclass(frozen=True)
class ClosestPair:
    """A generated picture and the training picture that it is closest to."""

    painted: UInt8Array
    training: UInt8Array
    distance: float
    typical: float
    """The median distance of a held-out picture from its closest training picture."""
    seed: int
    prompt: str | None
    training_name: str
    extractor: str


@dataclass(frozen=True)
class Copying:
    """What nearest training pictures tell."""

    c_t: float | None
    """How much farther from the training pictures generated ones lie than held-out ones, in standard deviations of
    chance, the mean over parts of the space: far below 0, they are copies; far above, they are unlike them. None where
    there are too few of them to tell."""
    closer: float
    """The share of generated pictures that are closer to a training picture than 99 of 100 held-out ones."""
    typical: float
    """The median distance of a held-out picture from its closest training picture."""
    generated: Nearest
    """The closest training picture of each generated one."""


def copying(generated: Rows, held_out: Rows, training: Rows) -> Copying:
    """Compare the nearest training pictures (T, D) of generated (N, D) and of held-out pictures (M, D)."""
    of_generated, of_held_out = nearest(generated, training), nearest(held_out, training)
    near, usual = of_generated.distances[:, 0], of_held_out.distances[:, 0]
    centers = part(training)
    return Copying(
        c_t=c_t(near, usual, nearest(generated, centers).places[:, 0], nearest(held_out, centers).places[:, 0]),
        closer=float((near < np.percentile(usual, FIRST_PERCENTILE)).mean()),
        typical=float(np.median(usual)),
        generated=of_generated,
    )


def part(training: Rows, cells: int = CELLS, seed: int = 0) -> FloatArray:
    """The centres of k-means cells that the space is parted into: (T, D) → (cells, D)."""
    draws = np.random.default_rng(seed)
    chosen = RowSubset(training, np.sort(draws.permutation(len(training))[:MOST_TO_PART]))
    some = np.concatenate(list(blocks(chosen)))  # at once, nearly every page of a large file would be mapped
    centers, _ = kmeans2(some, min(cells, len(some)), minit="++", rng=draws)
    return np.asarray(centers, np.float32)


def c_t(generated: FloatArray, held_out: FloatArray, cells: IntArray, cells_held_out: IntArray) -> float | None:
    """The data-copying test of Meehan et al. (2020) from distances (N,), (M,) and their cells.

    The mean of `z_u` over cells with enough pictures of both, each weighing as its held-out pictures; None without any.
    """
    scores, weights = [], []
    for cell in np.unique(cells_held_out):
        here, there = generated[cells == cell], held_out[cells_held_out == cell]
        if min(len(here), len(there)) >= ENOUGH:
            scores.append(z_u(here, there))
            weights.append(len(there))
    return float(np.average(scores, weights=weights)) if scores else None


def z_u(generated: FloatArray, held_out: FloatArray) -> float:
    """Mann and Whitney's U of generated distances (N,) over held-out ones (M,), standardised: about 0 if alike."""
    n, m = len(generated), len(held_out)
    u = rankdata(np.concatenate([generated, held_out]))[:n].sum() - n * (n + 1) / 2
    return float((u - n * m / 2) / np.sqrt(n * m * (n + m + 1) / 12))
