"""Latents from seeds: SplitMix64 and Box–Muller as in docs/latents.md, the same in every language.

A picture's seed is one number: picture i of a request with seed s has seed (s + i) mod 2**32.
"""

import secrets
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from painting.errors import InvalidRequest
from painting.images import FloatArray

UInt64Array = NDArray[np.uint64]

SEED_COUNT = 1 << 32
# SplitMix64's increment and the factors of its finaliser (Steele, Lea & Flood 2014; Vigna's splitmix64.c).
GOLDEN_GAMMA = np.uint64(0x9E3779B97F4A7C15)
MIX_FACTOR_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_FACTOR_2 = np.uint64(0x94D049BB133111EB)


def random_seed() -> int:
    """A random seed from the system's entropy: 0 … 2**32 − 1."""
    return secrets.randbelow(SEED_COUNT)


def check_seed(seed: object, name: str = "seed") -> int:
    """Return the seed when it is a whole number from 0 to 2**32 − 1; raises InvalidRequest that names it."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed < SEED_COUNT:
        raise InvalidRequest(f"the {name} must be a whole number from 0 to {SEED_COUNT - 1}, not {_shortened(seed)}")
    return int(seed)


def picture_seeds(seed: int, count: int) -> list[int]:
    """The seeds of a request's pictures: seed, seed + 1, … mod 2**32."""
    return [(check_seed(seed) + index) % SEED_COUNT for index in range(count)]


def latents(seed: int, count: int, size: int) -> FloatArray:
    """Latents of a request's pictures: float32 (count, size), standard normal; raises InvalidRequest."""
    return latents_of(picture_seeds(seed, count), size)


def latents_of(seeds: Sequence[int], size: int, truncation: float = 1.0) -> FloatArray:
    """Latents of pictures by their own seeds: float32 (len(seeds), size); raises InvalidRequest.

    They are multiplied by `truncation`: below 1 pictures are more typical and more alike (truncation of Brock et al.
    2019, as Karras et al. 2019 scale instead of drawing anew, so that a seed keeps its picture's kind).
    """
    starts = np.array([check_seed(seed) for seed in seeds], np.uint64)[:, None]
    pairs = -(-size // 2)
    with np.errstate(over="ignore"):  # all sums and products are mod 2**64
        steps = np.arange(1, 2 * pairs + 1, dtype=np.uint64) * GOLDEN_GAMMA
        outputs = mix64(mix64(starts + GOLDEN_GAMMA) + steps)  # (N, 2 pairs)
    return _normals(outputs)[:, :size] * np.float32(truncation)


def mix64(state: UInt64Array) -> UInt64Array:
    """SplitMix64's finaliser of uint64 numbers of any shape; its products are mod 2**64."""
    state = (state ^ (state >> np.uint64(30))) * MIX_FACTOR_1
    state = (state ^ (state >> np.uint64(27))) * MIX_FACTOR_2
    return state ^ (state >> np.uint64(31))


def _normals(outputs: UInt64Array) -> FloatArray:
    """Box–Muller transform: each pair of 64-bit numbers becomes a pair of standard normal ones (N, 2 pairs)."""
    tops = outputs >> np.uint64(11)  # 53 bits, as many as a float64 holds exactly
    first = (tops[:, 0::2] + np.uint64(1)).astype(np.float64) * 2.0**-53  # in (0, 1]: its logarithm is finite
    second = tops[:, 1::2].astype(np.float64) * 2.0**-53  # in [0, 1)
    radius = np.sqrt(-2 * np.log(first))
    angle = 2 * np.pi * second
    pairs = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=2)  # (N, pairs, 2)
    return pairs.reshape(len(outputs), -1).astype(np.float32)


def _shortened(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:40] + "…"
