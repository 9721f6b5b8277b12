"""The kernel inception distance, unbiased at any number of pictures (Bińkowski et al. 2018): the one to choose by.

N and M pictures, D features.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from painting.evaluation.rows import Rows

NAME = "KID ×1000"
SUBSETS, SUBSET = 100, 1000

Matrix = NDArray[np.floating[Any]]


def kid(
    one: Rows, other: Rows, paired: bool = False, subsets: int = SUBSETS, size: int = SUBSET, seed: int = 0
) -> float:
    """The squared maximum mean discrepancy of features (N, D) and (M, D) under the kernel (x·y / D + 1)³.

    The mean over `subsets` draws of `size` pictures from each; of all at once where there are no more than that.
    Its expectation is 0 for two samples of one distribution, so it may come out a little below; multiply by 1000.
    `paired`: row i of both has the same prompt, N = M. Such pairs are more alike than chance and are not compared, or
    the figure would come out too low (the estimate of Gretton et al. 2012 for paired samples).
    """
    if max(len(one), len(other)) <= size:
        return squared_mmd(one[:].astype(np.float64), other[:].astype(np.float64), paired)
    # In single precision: sums of a million products lose nothing by it, and take half as long.
    draws = np.random.default_rng(seed)
    found = []
    for _ in range(subsets):
        rows = draws.permutation(len(one))[:size]
        others = rows if paired else draws.permutation(len(other))[:size]
        some, rest = (of[np.sort(places)].astype(np.float32) for of, places in ((one, rows), (other, others)))
        found.append(squared_mmd(some, rest, paired))
    return float(np.mean(found))


def squared_mmd(one: Matrix, other: Matrix, paired: bool = False) -> float:
    """The unbiased estimate from features (n, D) and (m, D), n and m ≥ 2: no picture is compared with itself."""
    n, m = len(one), len(other)
    within_one = _without_pairs(one, one) / (n * (n - 1))
    within_other = _without_pairs(other, other) / (m * (m - 1))
    across = _without_pairs(one, other) / (n * (n - 1)) if paired else _kernel(one, other).mean(dtype=np.float64)
    return float(within_one + within_other - 2 * across)


def _without_pairs(one: Matrix, other: Matrix) -> float:
    """The sum of the kernel over all pairs of rows but those with the same number."""
    pairs = (np.einsum("nd,nd->n", one, other) / one.shape[1] + 1) ** 3
    return float(_kernel(one, other).sum(dtype=np.float64) - pairs.sum(dtype=np.float64))


def _kernel(one: Matrix, other: Matrix) -> Matrix:
    """(x·y / D + 1)³ for all pairs: (n, m)."""
    values: Matrix = one @ other.T
    values /= one.shape[1]
    values += 1
    return values * values * values
