"""The kernel inception distance, unbiased at any number of pictures (Bińkowski et al. 2018): the one to choose by.

N and M pictures, D features.
"""

import numpy as np
from numpy.typing import NDArray

from painting.evaluation.rows import Rows

NAME = "KID ×1000"
SUBSETS, SUBSET = 100, 1000

Matrix = NDArray[np.float64]


def kid(one: Rows, other: Rows, subsets: int = SUBSETS, size: int = SUBSET, seed: int = 0) -> float:
    """The squared maximum mean discrepancy of features (N, D) and (M, D) under the kernel (x·y / D + 1)³.

    The mean over `subsets` draws of `size` pictures from each; of all at once where there are no more than that.
    Its expectation is 0 for two samples of one distribution, so it may come out a little below; multiply by 1000.
    """
    if max(len(one), len(other)) <= size:
        return squared_mmd(one[:].astype(np.float64), other[:].astype(np.float64))
    draws = np.random.default_rng(seed)
    return float(np.mean([squared_mmd(_some(one, size, draws), _some(other, size, draws)) for _ in range(subsets)]))


def squared_mmd(one: Matrix, other: Matrix) -> float:
    """The unbiased estimate from features (n, D) and (m, D), n and m ≥ 2: no picture is compared with itself."""
    n, m = len(one), len(other)
    within_one = (_kernel(one, one).sum() - _kernel_diagonal(one).sum()) / (n * (n - 1))
    within_other = (_kernel(other, other).sum() - _kernel_diagonal(other).sum()) / (m * (m - 1))
    return float(within_one + within_other - 2 * _kernel(one, other).mean())


def _kernel(one: Matrix, other: Matrix) -> Matrix:
    """(x·y / D + 1)³ for all pairs: (n, m)."""
    values: Matrix = (one @ other.T / one.shape[1] + 1) ** 3
    return values


def _kernel_diagonal(one: Matrix) -> Matrix:
    """The kernel of each picture with itself: (n,)."""
    values: Matrix = (np.square(one).sum(axis=1) / one.shape[1] + 1) ** 3
    return values


def _some(rows: Rows, size: int, draws: np.random.Generator) -> Matrix:
    """At most `size` different rows: (n, D)."""
    chosen = draws.permutation(len(rows))[:size]
    return rows[np.sort(chosen)].astype(np.float64)
