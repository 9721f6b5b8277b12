"""Nearest neighbours among many features, block by block: memory does not grow with the number of pictures.

N queries, M references, D features.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from painting.data.array_cache import ROWS_PER_BLOCK, Rows
from painting.data.picture_set import IntArray
from painting.images import FloatArray

ROUNDING_TOLERANCE = 1e-6
"""How far squared distances in single precision may be off, as a part of the squared norms."""


@dataclass(frozen=True)
class NearestNeighbours:
    """The k nearest references of each query, sorted by distance."""

    distances: FloatArray
    """(N, k)"""
    indices: IntArray
    """(N, k), of the references."""


def nearest_neighbours(queries: Rows, references: Rows, k: int = 1, exclude_self: bool = False) -> NearestNeighbours:
    """The k nearest references (M, D) of each query (N, D) by Euclidean distance.

    `exclude_self`: queries are the references, and none counts as its own neighbour. k is at most M, or M − 1.
    """
    center = _center(references)
    found = [
        _nearest_of(part, references, center, k, start if exclude_self else None) for start, part in _blocks(queries)
    ]
    distances = np.concatenate([part.distances for part in found])
    return NearestNeighbours(distances, np.concatenate([part.indices for part in found]))


def _nearest_of(queries: Tensor, references: Rows, center: Tensor, k: int, start: int | None) -> NearestNeighbours:
    """`nearest_neighbours` for one block of queries; `start`: the first one's index, if they are references."""
    squares = torch.full((len(queries), k), torch.inf)
    indices = torch.zeros((len(queries), k), dtype=torch.int64)
    for first, part in _blocks(references):
        distances = _squared_distances(queries - center, part - center)  # (n, m)
        if start is not None:
            own = torch.arange(len(queries)) + start - first
            inside = (own >= 0) & (own < len(part))
            distances[torch.nonzero(inside)[:, 0], own[inside]] = torch.inf
        best = distances.topk(min(k, len(part)), dim=1, largest=False)
        squares, order = torch.cat([squares, best.values], dim=1).topk(k, dim=1, largest=False)
        indices = torch.cat([indices, best.indices + first], dim=1).gather(1, order)
    return _exact(queries, references, indices)


def _exact(queries: Tensor, references: Rows, indices: Tensor) -> NearestNeighbours:
    """Distances recomputed without the rounding of products, sorted: copies are at 0."""
    columns = [
        torch.linalg.vector_norm(queries - _tensor(references[column.numpy()]), dim=1)
        for column in indices.T.contiguous()
    ]
    distances, order = torch.stack(columns, dim=1).sort(dim=1)
    return NearestNeighbours(distances.numpy(), indices.gather(1, order).numpy())


def counts_within_radii(queries: Rows, references: Rows, radii: FloatArray) -> NDArray[np.int64]:
    """How many balls around references hold each query: (N, D), (M, D), radii (M, R) → (N, R)."""
    center = _center(references)
    limits = torch.from_numpy(np.square(radii))  # (M, R)
    counts = []
    for _, part in _blocks(queries):
        inside = torch.zeros((len(part), radii.shape[1]), dtype=torch.int64)
        for first, others in _blocks(references):
            here = part - center
            there = others - center
            norms = here.square().sum(1)[:, None] + there.square().sum(1)  # (n, m)
            distances = _squared_distances(here, there) - ROUNDING_TOLERANCE * norms
            for column, limit in enumerate(limits[first : first + len(others)].T):
                inside[:, column] += (distances <= limit).sum(1)
        counts.append(inside.numpy())
    return np.concatenate(counts)


def _squared_distances(one: Tensor, other: Tensor) -> Tensor:
    """Squared distances of all pairs: (n, D) and (m, D) → (n, m)."""
    norms = one.square().sum(1)[:, None] + other.square().sum(1)
    return torch.addmm(norms, one, other.T, alpha=-2).clamp_min_(0)


def _center(rows: Rows) -> Tensor:
    """A point amid the features: centered on it, products round less."""
    return _tensor(rows[:ROWS_PER_BLOCK]).mean(0)


def _blocks(rows: Rows) -> Iterator[tuple[int, Tensor]]:
    """Blocks of features, each with the index of its first row."""
    for start in range(0, len(rows), ROWS_PER_BLOCK):
        yield start, _tensor(rows[start : start + ROWS_PER_BLOCK])


def _tensor(rows: NDArray[Any]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(rows))
