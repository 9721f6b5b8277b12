"""Whether the latent matters: how far pictures of one prompt lie from each other. N pictures, D features."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from painting.data.picture_set import IntArray
from painting.evaluation.figure import Metric

DIVERSITY_METRIC = Metric(
    id="diversity_per_prompt",
    name="diversity per prompt",
    meaning="How much pictures of one prompt differ by seed alone; near 0: the latent is ignored.",
    better="like real",
    faults=("ignored_latent",),
)
PROMPTS, PICTURES = 50, 8
"""How many prompts are painted how many times."""
MOST = 50
"""Of a group, so many are compared with each other."""


def diversity(of: Callable[[IntArray], NDArray[Any]], groups: Sequence[Hashable]) -> float:
    """The mean distance between two of the same group, of features or of pixels; 0 where no group has two.

    `of` gives the features (n, D) or the pictures (n, S, S, 3) of some places; `groups` (N,) says the prompt of each,
    or the labels of a real one. Every group weighs the same.
    """
    apart = [_mean_distance(of(rows[:MOST])) for rows in members(groups).values() if len(rows) > 1]
    return float(np.mean(apart)) if apart else 0.0


def members(groups: Sequence[Hashable]) -> dict[Hashable, IntArray]:
    """Where each group's pictures stand."""
    rows: dict[Hashable, list[int]] = defaultdict(list)
    for row, group in enumerate(groups):
        rows[group].append(row)
    return {group: np.array(places) for group, places in rows.items()}


def _mean_distance(group: NDArray[Any]) -> float:
    """The mean root mean square difference of all pairs: (n, …) → a scalar."""
    flat = group.reshape(len(group), -1).astype(np.float64)
    squares = np.square(flat).sum(axis=1)
    apart = np.sqrt(np.maximum(squares[:, None] + squares - 2 * flat @ flat.T, 0) / flat.shape[1])
    return float(apart[np.triu_indices(len(flat), 1)].mean())
