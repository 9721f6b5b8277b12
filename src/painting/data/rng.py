"""Stateless random numbers, keyed by id: the same on every machine and in any order."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from painting.data.picture_set import IntArray
from painting.latents import GOLDEN_GAMMA, mix64


def hash_uniform(ids: IntArray, count: int, stream: int = 0) -> npt.NDArray[np.float64]:
    """Uniform random numbers in [0, 1), `count` for each id: (N, count).

    Each id seeds a SplitMix64 generator of its own (Steele et al. 2014); another `stream` gives independent numbers
    for the same ids.
    """
    with np.errstate(over="ignore"):  # all sums and products are mod 2**64
        states = mix64(mix64(np.asarray(ids).astype(np.uint64) + GOLDEN_GAMMA) ^ np.uint64(stream))
        steps = np.arange(1, count + 1, dtype=np.uint64) * GOLDEN_GAMMA
        outputs = mix64(states[:, None] + steps)
    # The upper 53 bits, as many as a float64 holds exactly.
    return (outputs >> np.uint64(11)).astype(np.float64) * 2.0**-53
