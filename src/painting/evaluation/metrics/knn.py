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

ROUNDING = 1e-6
"""How far squared distances in single precision may be off, as a part of the squared norms."""


@dataclass(frozen=True)
class Nearest:
    """The k nearest references of each query, nearest first."""

    distances: FloatArray
    """(N, k)"""
    places: IntArray
    """(N, k), among the references."""


def nearest(queries: Rows, references: Rows, k: int = 1, themselves: bool = False) -> Nearest:
    """The k nearest references (M, D) of each query (N, D) by Euclidean distance.

    `themselves`: queries are the references, and none counts as its own neighbour. k is at most M, or M − 1.
    """
    center = _center(references)
    found = [_nearest_of(part, references, center, k, start if themselves else None) for start, part in _parts(queries)]
    return Nearest(np.concatenate([n.distances for n in found]), np.concatenate([n.places for n in found]))


def _nearest_of(queries: Tensor, references: Rows, center: Tensor, k: int, start: int | None) -> Nearest:
    """`nearest` for one block of queries; `start`: where they stand among the references, if they do."""
    squares = torch.full((len(queries), k), torch.inf)
    places = torch.zeros((len(queries), k), dtype=torch.int64)
    for first, part in _parts(references):
        apart = _squares(queries - center, part - center)  # (n, m)
        if start is not None:
            own = torch.arange(len(queries)) + start - first
            inside = (own >= 0) & (own < len(part))
            apart[torch.nonzero(inside)[:, 0], own[inside]] = torch.inf
        best = apart.topk(min(k, len(part)), dim=1, largest=False)
        squares, order = torch.cat([squares, best.values], dim=1).topk(k, dim=1, largest=False)
        places = torch.cat([places, best.indices + first], dim=1).gather(1, order)
    return _exact(queries, references, places)


def _exact(queries: Tensor, references: Rows, places: Tensor) -> Nearest:
    """The distances again, without the rounding of products: copies are at 0."""
    columns = [
        torch.linalg.vector_norm(queries - _tensor(references[column.numpy()]), dim=1)
        for column in places.T.contiguous()
    ]
    distances, order = torch.stack(columns, dim=1).sort(dim=1)
    return Nearest(distances.numpy(), places.gather(1, order).numpy())


def counts_within(queries: Rows, references: Rows, radii: FloatArray) -> NDArray[np.int64]:
    """In how many references' balls each query lies: (N, D), (M, D), radii (M, R) → (N, R)."""
    center = _center(references)
    limits = torch.from_numpy(np.square(radii))  # (M, R)
    counts = []
    for _, part in _parts(queries):
        inside = torch.zeros((len(part), radii.shape[1]), dtype=torch.int64)
        for first, others in _parts(references):
            here, there = part - center, others - center
            norms = here.square().sum(1)[:, None] + there.square().sum(1)  # (n, m)
            apart = _squares(here, there) - ROUNDING * norms
            for column, limit in enumerate(limits[first : first + len(others)].T):
                inside[:, column] += (apart <= limit).sum(1)
        counts.append(inside.numpy())
    return np.concatenate(counts)


def _squares(one: Tensor, other: Tensor) -> Tensor:
    """Squared distances of all pairs: (n, D) and (m, D) → (n, m)."""
    norms = one.square().sum(1)[:, None] + other.square().sum(1)
    return torch.addmm(norms, one, other.T, alpha=-2).clamp_min_(0)


def _center(rows: Rows) -> Tensor:
    """A point amid the features: products of what lies around it round less."""
    return _tensor(rows[:ROWS_PER_BLOCK]).mean(0)


def _parts(rows: Rows) -> Iterator[tuple[int, Tensor]]:
    """Blocks of features and where they start."""
    for start in range(0, len(rows), ROWS_PER_BLOCK):
        yield start, _tensor(rows[start : start + ROWS_PER_BLOCK])


def _tensor(rows: NDArray[Any]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(rows))
