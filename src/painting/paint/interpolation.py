"""Interpolation between two pictures: latents on a great circle, text vectors on a line, frames at an even pace.

P counts positions, Z is the latent size, E the width of a text vector, H and W are a picture's sides in px, C is
3 for RGB and 4 for RGBA.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from painting.errors import InvalidRequest
from painting.images import FloatArray, UInt8Array, visible
from painting.progress import ProgressCallback

Positions = NDArray[np.float64]
PaintAt = Callable[[Sequence[float]], UInt8Array]  # positions (P,) in [0, 1] → pictures (P, H, W, C)

PROBE_COUNT = 17  # with these, the largest step of a morph of flowers is 1.1 times the mean one; with 9, 1.2 times
FRAMES_A_REPORT = 16  # frames painted between two progress reports
MIN_ANGLE_SINE = 1e-6  # sine of the angle between two latents below which their great circle is ill-conditioned


def check_positions(positions: Sequence[float]) -> Positions:
    """Return positions (P,) from 0, the start, to 1, the end, as an array; raises InvalidRequest."""
    for position in positions:
        number = isinstance(position, int | float | np.number) and not isinstance(position, bool)
        if not number or not 0 <= position <= 1:
            raise InvalidRequest(f"a morph's position must be a number from 0 to 1, not {repr(position)[:40]}")
    return np.array(positions, np.float64)


def latents_between(start: FloatArray, end: FloatArray, positions: Positions) -> FloatArray:
    """Spherical interpolation: latents (P, Z) on the great circle from `start` (Z,), at 0, to `end` (Z,), at 1.

    A normal latent of many numbers has a length near sqrt(Z). The middle of a straight line between two of them is
    shorter by a factor near sqrt(2), which no generator was trained on: the flowers painter paints brown mist there.
    Spherical interpolation (Shoemake 1985; for latents White 2016, "Sampling Generative Networks") keeps the length.
    """
    one = start.astype(np.float64)
    other = end.astype(np.float64)
    cosine = one @ other / max(float(np.linalg.norm(one) * np.linalg.norm(other)), np.finfo(float).tiny)
    angle = np.arccos(np.clip(cosine, -1, 1))
    if np.sin(angle) < MIN_ANGLE_SINE:  # equal latents, or latents of one number, have no great circle
        return _mixed(one, other, 1 - positions, positions)
    share = np.sin((1 - positions) * angle) / np.sin(angle)
    other_share = np.sin(positions * angle) / np.sin(angle)
    return _mixed(one, other, share, other_share)


def text_vectors_between(start: FloatArray, end: FloatArray, positions: Positions) -> FloatArray:
    """Linear interpolation: standardised text vectors (P, E) on the straight line from `start` to `end` (E,).

    Great circles through the raw and through the standardised vectors were tried on the bundled flowers: the pictures
    were indistinguishable, and the line's largest steps were a little smaller. Reed et al. 2016 trained generators on
    such lines.
    """
    return _mixed(start.astype(np.float64), end.astype(np.float64), 1 - positions, positions)


def even_positions(probes: UInt8Array, steps: int) -> list[float]:
    """Positions of `steps` frames that differ by equal amounts; `probes` (P, H, W, C) are at equidistant positions.

    Pictures change little near a prompt and quickly half-way to another. The amounts are root mean square differences
    over what is visible of pixels, plus one level, so that a stretch without any change has a length too.
    """
    levels = visible(probes).astype(np.float32)
    changes = np.sqrt(((levels[1:] - levels[:-1]) ** 2).mean(axis=(1, 2, 3))) + 1
    length = np.concatenate([[0], np.cumsum(changes, dtype=np.float64)])
    # Invert the arc length: at which position has each equal share of the whole length been covered?
    positions = np.interp(np.linspace(0, 1, steps), length / length[-1], np.linspace(0, 1, len(probes)))
    return [float(position) for position in positions]


def paint_evenly(paint: PaintAt, steps: int, report: ProgressCallback | None = None) -> tuple[list[float], UInt8Array]:
    """Paint `steps` (at least 2) frames at an even pace: their positions and pictures (steps, H, W, C).

    Each end is painted alone, as `Painter.paint` paints one picture: in a batch a level may differ.
    """
    probe_count = PROBE_COUNT - 2 if steps > 2 else 0  # the ends are probes too
    total = probe_count + steps
    painted = 0

    def paint_part(positions: Sequence[float]) -> UInt8Array:
        nonlocal painted
        pictures = paint(positions)
        painted += len(positions)
        if report:
            report(painted, total)
        return pictures

    start = paint_part([0.0])
    end = paint_part([1.0])
    if not probe_count:
        return [0.0, 1.0], np.concatenate([start, end])
    between = paint_part([float(position) for position in np.linspace(0, 1, PROBE_COUNT)[1:-1]])
    positions = even_positions(np.concatenate([start, between, end]), steps)
    inner = positions[1:-1]
    parts = [paint_part(inner[first : first + FRAMES_A_REPORT]) for first in range(0, len(inner), FRAMES_A_REPORT)]
    return positions, np.concatenate([start, *parts, end])


def _mixed(one: NDArray[Any], other: NDArray[Any], share: Positions, other_share: Positions) -> FloatArray:
    mixed: FloatArray = (share[:, None] * one + other_share[:, None] * other).astype(np.float32)
    return mixed
