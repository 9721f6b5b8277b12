"""The kernel inception distance, unbiased at any number of pictures (Bińkowski et al. 2018): the one to select by.

N and M pictures, D features.
"""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from painting.data.array_cache import ROWS_PER_BLOCK, Rows, subsample
from painting.evaluation.figure import Metric

KID_METRIC = Metric(
    id="kid",
    name="KID ×1000",
    meaning="The distance of painted pictures from real ones; unbiased, so the one to select by on few pictures.",
    better="lower",
    faults=("distance",),
)
MAX_KID_SAMPLE = 10_000
"""Pictures of each sample that are compared, evenly spaced: as many pairs as in 100 draws of 1,000, but each once."""


def kid(one: Rows, other: Rows, paired: bool = False, max_sample: int = MAX_KID_SAMPLE) -> float:
    """The squared maximum mean discrepancy of features (N, D) and (M, D) under the kernel (x·y / D + 1)³, N and M ≥ 2.

    The unbiased estimate, over all pairs: no picture is compared with itself. Its expectation is 0 for two samples of
    one distribution, so it may come out a little below; multiply by 1000. Memory does not grow with N and M.
    `paired`: row i of both has the same prompt, N = M. Such pairs are more similar than chance and not compared, or
    the figure would come out too low (the estimate of Gretton et al. 2012 for paired samples).
    """
    one, other = subsample(one, max_sample), subsample(other, max_sample)
    n, m = len(one), len(other)
    across = _across(one, other, paired) / (n * (n - 1) if paired else n * m)
    return _within(one) / (n * (n - 1)) + _within(other) / (m * (m - 1)) - 2 * across


def _within(rows: Rows) -> float:
    """The kernel's sum over all pairs of different rows; of two blocks' pairs one order stands for both."""
    total = 0.0
    for number, block in enumerate(_blocks(rows)):
        values = _kernel(block, block)
        total += float(values.sum() - values.trace())
        total += sum(2 * float(_kernel(block, later).sum()) for later in _blocks(rows, number + 1))
    return total


def _across(one: Rows, other: Rows, paired: bool) -> float:
    """The kernel's sum over all pairs of one sample's row and the other's, or those of different numbers."""
    total = 0.0
    for number, block in enumerate(_blocks(one)):
        for other_number, others in enumerate(_blocks(other)):
            values = _kernel(block, others)
            # Pairs of one prompt stand on the diagonal of the blocks on the diagonal.
            total += float(values.sum() - (values.trace() if paired and number == other_number else 0.0))
    return total


def _kernel(one: Tensor, other: Tensor) -> Tensor:
    """(x·y / D + 1)³ for all pairs: (n, D) and (m, D) → (n, m)."""
    return (one @ other.T).div_(one.shape[1]).add_(1).pow_(3)


def _blocks(rows: Rows, first: int = 0) -> Iterator[Tensor]:
    """Blocks of features from the `first` on, in double precision: KID is a small difference of large sums."""
    for start in range(first * ROWS_PER_BLOCK, len(rows), ROWS_PER_BLOCK):
        yield torch.from_numpy(np.asarray(rows[start : start + ROWS_PER_BLOCK], np.float64))
