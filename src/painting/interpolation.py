"""The way from one picture to another: what is fed to the generator between two ends, and where frames lie on it.

P counts positions, Z is the latent size, E the width of a text vector, H and W are a picture's sides in px.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from painting.errors import InvalidRequest
from painting.images import FloatArray, UInt8Array
from painting.progress import ProgressCallback

Positions = NDArray[np.float64]
PaintAt = Callable[[Sequence[float]], UInt8Array]  # positions (P,) in [0, 1] → pictures (P, H, W, 3)

PROBES = 17  # with these, the largest step of a morph of flowers is 1.1 times the mean one; with 9, 1.2 times
AT_ONCE = 16  # pictures between two reports
PARALLEL = 1e-6  # sine of the angle below which a great circle is not defined well


def check_positions(positions: Sequence[float]) -> Positions:
    """Return positions (P,) on the way from start (0) to end (1); raises InvalidRequest."""
    for position in positions:
        number = isinstance(position, int | float | np.number) and not isinstance(position, bool)
        if not number or not 0 <= position <= 1:
            raise InvalidRequest(f"a morph's position must be a number from 0 to 1, not {repr(position)[:40]}")
    return np.array(positions, np.float64)


def latents_between(start: FloatArray, end: FloatArray, positions: Positions) -> FloatArray:
    """Latents (P, Z) on the great circle from `start` to `end` (Z,), which they are at 0 and 1.

    A normal latent of many numbers has a length near sqrt(Z). The middle of a straight line between two of them is
    shorter by a factor near sqrt(2), which no generator was trained on: the flowers painter paints brown mist there.
    Spherical interpolation (Shoemake 1985; for latents White 2016, "Sampling Generative Networks") keeps the length.
    """
    one, other = start.astype(np.float64), end.astype(np.float64)
    cosine = one @ other / max(float(np.linalg.norm(one) * np.linalg.norm(other)), np.finfo(float).tiny)
    angle = np.arccos(np.clip(cosine, -1, 1))
    if np.sin(angle) < PARALLEL:  # the same latent twice, or latents of one number: there is no circle to go along
        return _mixed(one, other, 1 - positions, positions)
    return _mixed(
        one, other, np.sin((1 - positions) * angle) / np.sin(angle), np.sin(positions * angle) / np.sin(angle)
    )


def text_vectors_between(start: FloatArray, end: FloatArray, positions: Positions) -> FloatArray:
    """Standardised text vectors (P, E) on the straight line from `start` to `end` (E,).

    Great circles through the raw and through the standardised vectors were tried on the bundled flowers: nobody could
    tell the pictures apart, and the line's largest steps were a little smaller. Reed et al. 2016 trained generators on
    such lines.
    """
    return _mixed(start.astype(np.float64), end.astype(np.float64), 1 - positions, positions)


def even_positions(probes: UInt8Array, steps: int) -> list[float]:
    """Positions of `steps` frames that differ by equal amounts; `probes` (P, H, W, 3) lie at equal distances.

    Pictures change little near a prompt and quickly half-way to another. The amounts are root mean squares over pixels,
    and one level more, so that a stretch without any change has a length too.
    """
    levels = probes.astype(np.float32)
    changes = np.sqrt(((levels[1:] - levels[:-1]) ** 2).mean(axis=(1, 2, 3))) + 1
    way = np.concatenate([[0], np.cumsum(changes, dtype=np.float64)])
    positions = np.interp(np.linspace(0, 1, steps), way / way[-1], np.linspace(0, 1, len(probes)))
    return [float(position) for position in positions]


def paint_evenly(paint: PaintAt, steps: int, report: ProgressCallback | None = None) -> tuple[list[float], UInt8Array]:
    """Paint `steps` (at least 2) frames at an even pace: their positions and pictures (steps, H, W, 3).

    The ends are painted each alone, as `Painter.paint` paints one picture: in a batch a level may differ.
    """
    probes = PROBES - 2 if steps > 2 else 0
    total, painted = probes + steps, 0

    def paint_part(positions: Sequence[float]) -> UInt8Array:
        nonlocal painted
        pictures = paint(positions)
        painted += len(positions)
        if report:
            report(painted, total)
        return pictures

    start, end = paint_part([0.0]), paint_part([1.0])
    if not probes:
        return [0.0, 1.0], np.concatenate([start, end])
    between = paint_part([float(position) for position in np.linspace(0, 1, PROBES)[1:-1]])
    positions = even_positions(np.concatenate([start, between, end]), steps)
    inner = positions[1:-1]
    parts = [paint_part(inner[first : first + AT_ONCE]) for first in range(0, len(inner), AT_ONCE)]
    return positions, np.concatenate([start, *parts, end])


def _mixed(one: NDArray[Any], other: NDArray[Any], share: Positions, other_share: Positions) -> FloatArray:
    mixed: FloatArray = (share[:, None] * one + other_share[:, None] * other).astype(np.float32)
    return mixed
