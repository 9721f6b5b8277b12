"""Counter-based random numbers: every draw is a function of the run's seed and its position alone.

So no generator state has to be saved for a resumed run to continue exactly.
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
    """The key of a step's random numbers: the run's seed, the stage, the step, and the roll-backs so far.

    Each purpose ("noise", "flips") has a stream of its own. A roll-back changes all of them.
    """

    seed: int
    stage: str
    step: int
    rollbacks: int = 0

    def numpy_generator(self, purpose: str) -> np.random.Generator:
        """A fresh NumPy generator for one purpose."""
        return np.random.Generator(np.random.Philox(self._sequence(purpose)))

    def torch_generator(self, purpose: str, device: torch.device) -> torch.Generator:
        """A fresh torch generator for one purpose, on a device."""
        seed = int(self._sequence(purpose).generate_state(1, np.uint64)[0]) >> 1  # torch takes seeds below 2**63
        return torch.Generator(device).manual_seed(seed)

    def randn(self, purpose: str, shape: Sequence[int], device: torch.device) -> Tensor:
        """Standard normal numbers for one purpose, drawn on the device: float (*shape)."""
        return torch.randn(tuple(shape), generator=self.torch_generator(purpose, device), device=device)

    def _sequence(self, purpose: str) -> np.random.SeedSequence:
        stream = zlib.crc32(f"{self.stage}/{purpose}".encode())
        return np.random.SeedSequence([self.seed, stream, self.step, self.rollbacks])


def batch_ids(key: RngKey, batch: int, count: int | None) -> Ids:
    """The ids of a step's batch: a new permutation each epoch, or uniform over an endless set; int64 (batch,)."""
    if count is None:
        return key.numpy_generator("ids").integers(ENDLESS_ID_COUNT, size=batch)
    # A batch may span the end of an epoch: its last pictures are then the first of the next one's order.
    epochs, places = np.divmod(np.arange(key.step * batch, (key.step + 1) * batch), count)
    ids = np.empty(batch, dtype=np.int64)
    for epoch in np.unique(epochs):
        here = epochs == epoch
        ids[here] = _epoch_order(key.seed, key.stage, int(epoch), key.rollbacks, count)[places[here]]
    return ids


class WeightedSampler:
    """Samples ids with replacement from a set whose P pictures have V views each, by the pictures' weights."""

    def __init__(self, weights: NDArray[np.float64], views: int) -> None:
        """`weights` (P,): how often each picture is sampled, relative to the others."""
        self._cumulative = weights.cumsum()  # summed once: a step draws a few of perhaps a million
        self._views = views

    def ids(self, key: RngKey, batch: int) -> Ids:
        """The ids of a step's batch: int64 (batch,)."""
        random = key.numpy_generator("ids")
        positions = random.random(batch) * self._cumulative[-1]
        pictures: Ids = np.searchsorted(self._cumulative, positions, side="right")
        return np.asarray(pictures * self._views + random.integers(self._views, size=batch), np.int64)


def evenly_spaced_ids(n: int, count: int | None) -> Ids:
    """Ids from the first to the last of a set's `count`, or the first of an endless one; int64 (n,)."""
    return np.linspace(0, (n if count is None else count) - 1, n).astype(np.int64)


@lru_cache(maxsize=2)
def _epoch_order(seed: int, stage: str, epoch: int, rollbacks: int, count: int) -> Ids:
    return RngKey(seed, stage, epoch, rollbacks).numpy_generator("order").permutation(count)
