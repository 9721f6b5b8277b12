"""The Inception Score: whether each picture shows one class, and all together many (Salimans et al. 2016).

N pictures, V classes.
"""

from collections.abc import Iterable

import numpy as np

from painting.evaluation.figure import Metric
from painting.images import FloatArray

INCEPTION_SCORE_METRIC = Metric(
    id="inception_score",
    name="Inception Score",
    meaning="Whether each picture shows one class clearly, and all together show many classes.",
    better="like real",
)


def inception_score(probabilities: Iterable[FloatArray]) -> float:
    """exp(mean over pictures of KL(p(class | picture) ‖ p(class))), 1 … V, from blocks of rows (n, V) that sum to 1.

    Over all pictures at once: published ones are often means over ten parts, which are lower.
    """
    count = 0
    total = np.zeros(1)
    negative_entropy = 0.0
    for block in probabilities:
        exact = block.astype(np.float64)
        count += len(exact)
        total = total + exact.sum(axis=0)
        negative_entropy += float(_p_log_p(exact).sum())
    # mean KL(p ‖ m) = mean Σ p log p − Σ m log m, with m the mean of all p: one pass, and m is known only at its end.
    return float(np.exp(negative_entropy / count - _p_log_p(total / count).sum()))


def _p_log_p(p: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """p log p, 0 where p is 0."""
    return p * np.log(np.where(p > 0, p, 1))
