"""Random draws that are pure functions of an id: no state, the same on every machine and in any order."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from painting.data.picture_set import IntArray

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def uniform_draws(ids: IntArray, count: int, stream: int = 0) -> npt.NDArray[np.float64]:
    """`count` draws in [0, 1) for each id: (N, count).

    Each id starts a SplitMix64 stream of its own; another `stream` gives independent draws for the same ids.
    """
    with np.errstate(over="ignore"):
        states = _mix(_mix(np.asarray(ids).astype(np.uint64) + _STEP) ^ np.uint64(stream))
        steps = np.arange(1, count + 1, dtype=np.uint64) * _STEP
        outputs = _mix(states[:, None] + steps)
    return (outputs >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _mix(state: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    state = (state ^ (state >> np.uint64(30))) * _MIX_1
    state = (state ^ (state >> np.uint64(27))) * _MIX_2
    return state ^ (state >> np.uint64(31))
