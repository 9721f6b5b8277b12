"""Diversity per prompt: the mean distance of two pictures of one prompt. N pictures, D features."""

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
PROMPT_COUNT = 50
PICTURES_PER_PROMPT = 8
MAX_GROUP_SIZE = 50
"""Of a larger group only so many pictures are compared with each other."""


def diversity(values_of: Callable[[IntArray], NDArray[Any]], groups: Sequence[Hashable]) -> float:
    """The mean distance between two members of a group, of features or of pixels; 0 where no group has two.

    `values_of` gives the features (n, D) or the pictures (n, S, S, 3) of some indices; `groups` (N,) are the prompts of
    pictures, or the labels of real ones. Every group has the same weight.
    """
    distances = [
        _mean_distance(values_of(indices[:MAX_GROUP_SIZE]))
        for indices in group_indices(groups).values()
        if len(indices) > 1
    ]
    return float(np.mean(distances)) if distances else 0.0


def group_indices(groups: Sequence[Hashable]) -> dict[Hashable, IntArray]:
    """The indices of each group's members."""
    indices: dict[Hashable, list[int]] = defaultdict(list)
    for index, group in enumerate(groups):
        indices[group].append(index)
    return {group: np.array(members) for group, members in indices.items()}


def _mean_distance(group: NDArray[Any]) -> float:
    """The mean root mean square difference of all pairs: (n, …) → a scalar."""
    flat = group.reshape(len(group), -1).astype(np.float64)
    # |a − b|² = |a|² + |b|² − 2 a·b for all pairs by one matrix product; rounding may leave it a hair below 0.
    squares = np.square(flat).sum(axis=1)
    distances = np.sqrt(np.maximum(squares[:, None] + squares - 2 * flat @ flat.T, 0) / flat.shape[1])
    return float(distances[np.triu_indices(len(flat), 1)].mean())
