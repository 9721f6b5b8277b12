"""Randomness as a function of the position: what a step draws depends on the run's seed and where it stands alone.

So nothing of a random generator has to be saved for a resumed run to go on exactly.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from painting.data.picture_set import ENDLESS_ID_COUNT

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class RngKey:
    """Where a run stands: its seed, stage, step, and how often it was rolled back (each time it draws differently)."""

    seed: int
    stage: str
    step: int
    rollbacks: int = 0

    def numpy_generator(self, purpose: str) -> np.random.Generator:
        """A fresh generator for one purpose at this position."""
        return np.random.Generator(np.random.Philox(self._sequence(purpose)))

    def randn(self, purpose: str, shape: Sequence[int], device: torch.device) -> Tensor:
        """Standard normal numbers for one purpose at this position, made on the device: float (*shape)."""
        return torch.randn(tuple(shape), generator=self.torch_generator(purpose, device), device=device)

    def torch_generator(self, purpose: str, device: torch.device) -> torch.Generator:
        """A generator for one purpose at this position, on a device of torch's."""
        seed = int(self._sequence(purpose).generate_state(1, np.uint64)[0]) >> 1
        return torch.Generator(device).manual_seed(seed)

    def _sequence(self, purpose: str) -> np.random.SeedSequence:
        text = zlib.crc32(f"{self.stage}/{purpose}".encode())
        return np.random.SeedSequence([self.seed, text, self.step, self.rollbacks])


def batch_ids(key: RngKey, batch: int, count: int | None) -> Ids:
    """Which pictures a step sees: each once an epoch in a new order, or any of an endless set; int64 (batch,)."""
    if count is None:
        return key.numpy_generator("ids").integers(ENDLESS_ID_COUNT, size=batch)
    epochs, places = np.divmod(np.arange(key.step * batch, (key.step + 1) * batch), count)
    ids = np.empty(batch, dtype=np.int64)
    for epoch in np.unique(epochs):
        here = epochs == epoch
        ids[here] = _epoch_order(key.seed, key.stage, int(epoch), key.rollbacks, count)[places[here]]
    return ids


class WeightedSampler:
    """Draws ids of a set whose P pictures have V views each, some pictures more often than others."""

    def __init__(self, shares: NDArray[np.float64], views: int) -> None:
        """`shares` (P,): how often each picture is drawn, beside the others."""
        self._ends, self._views = shares.cumsum(), views  # summed once: a step draws a few of perhaps a million

    def ids(self, key: RngKey, batch: int) -> Ids:
        """Which a step sees, any of them again and again: int64 (batch,)."""
        random = key.numpy_generator("ids")
        pictures: Ids = np.searchsorted(self._ends, random.random(batch) * self._ends[-1], side="right")
        return np.asarray(pictures * self._views + random.integers(self._views, size=batch), np.int64)


def evenly_spaced_ids(wanted: int, count: int | None) -> Ids:
    """Pictures to show or measure: evenly spread over a set's `count`, the first of an endless one; int64 (wanted,)."""
    return np.linspace(0, (wanted if count is None else count) - 1, wanted).astype(np.int64)


@lru_cache(maxsize=2)
def _epoch_order(seed: int, stage: str, epoch: int, rollbacks: int, count: int) -> Ids:
    return RngKey(seed, stage, epoch, rollbacks).numpy_generator("order").permutation(count)
