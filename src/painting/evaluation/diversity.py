"""Whether the latent matters: how far pictures of one prompt lie from each other. N pictures, D features."""

from collections import defaultdict
from collections.abc import Hashable, Sequence

import numpy as np

from painting.data.picture_set import IntArray
from painting.evaluation.rows import Rows

NAME = "diversity at one prompt"
PROMPTS, PICTURES = 25, 8
"""How many prompts are painted how many times."""


def diversity(features: Rows, groups: Sequence[Hashable]) -> float:
    """The mean distance between features (N, D) of two pictures of the same group; 0 where no group has two.

    `groups` (N,): the prompt of each picture, or the labels of a real one. Every group weighs the same.
    """
    apart = [_mean_distance(features, rows) for rows in members(groups).values() if len(rows) > 1]
    return float(np.mean(apart)) if apart else 0.0


def members(groups: Sequence[Hashable]) -> dict[Hashable, IntArray]:
    """Where each group's pictures stand."""
    rows: dict[Hashable, list[int]] = defaultdict(list)
    for row, group in enumerate(groups):
        rows[group].append(row)
    return {group: np.array(places) for group, places in rows.items()}


def _mean_distance(features: Rows, rows: IntArray, most: int = 100) -> float:
    """The mean distance of all pairs among the first rows of a group."""
    some = features[rows[:most]].astype(np.float64)
    squares = np.square(some).sum(axis=1)
    apart = np.sqrt(np.maximum(squares[:, None] + squares - 2 * some @ some.T, 0))
    return float(apart[np.triu_indices(len(some), 1)].mean())
