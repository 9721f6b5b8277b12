"""The way between two pictures keeps its ends, the latents' length and an even pace."""

import itertools
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import ArrayLike

from painting.errors import InvalidRequest
from painting.images import FloatArray, UInt8Array
from painting.latents import latents_of
from painting.paint.interpolation import (
    PROBE_COUNT,
    Positions,
    check_positions,
    even_positions,
    latents_between,
    paint_evenly,
    text_vectors_between,
)

POSITIONS: Positions = np.linspace(0, 1, 11)


def flat(levels: ArrayLike) -> UInt8Array:
    """One grey picture a level: (P, 2, 2, 3)."""
    pictures: UInt8Array = np.rint(levels)[:, None, None, None].astype(np.uint8) * np.ones((1, 2, 2, 3), np.uint8)
    return pictures


def fading(alphas: ArrayLike) -> UInt8Array:
    """One white picture an alpha: (P, 2, 2, 4)."""
    alpha = flat(alphas)[..., :1]
    return np.concatenate([np.full_like(alpha, 255).repeat(3, axis=-1), alpha], axis=-1)


@pytest.mark.parametrize("size", [1, 2, 100, 1024])
@pytest.mark.parametrize("seeds", [(3, 9), (3, 3)])
def test_latents_start_and_end_at_the_given_ones(size: int, seeds: tuple[int, int]) -> None:
    start, end = latents_of(seeds, size)
    between = latents_between(start, end, POSITIONS)
    assert between.dtype == np.float32 and between.shape == (11, size)
    assert np.array_equal(between[0], start) and np.array_equal(between[-1], end)


def test_between_a_seed_and_itself_nothing_moves() -> None:
    start, end = latents_of([5, 5], 100)
    assert np.array_equal(latents_between(start, end, POSITIONS), np.tile(start, (11, 1)))


def test_latents_keep_the_length_of_normal_ones_where_a_straight_line_would_not() -> None:
    start, end = latents_of([3, 9], 1024)
    shortest, longest = sorted([float(np.linalg.norm(start)), float(np.linalg.norm(end))])
    lengths = np.linalg.norm(latents_between(start, end, POSITIONS), axis=1)
    assert lengths.min() > 0.99 * shortest and lengths.max() < 1.01 * longest
    assert np.linalg.norm((start + end) / 2) < 0.75 * shortest


def test_latents_of_equal_length_go_along_their_circle_by_equal_angles() -> None:
    start, end = np.array([2, 0], np.float32), np.array([0, 2], np.float32)
    angles = POSITIONS * np.pi / 2
    expected = 2 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    assert np.allclose(latents_between(start, end, POSITIONS), expected, atol=1e-6)


def test_opposite_latents_and_latents_of_nothing_have_a_way_too() -> None:
    start = np.array([1, -2, 2], np.float32)
    for end in (-start, np.zeros(3, np.float32)):
        between = latents_between(start, end, POSITIONS)
        assert np.isfinite(between).all()
        assert np.array_equal(between[0], start) and np.array_equal(between[-1], end)


def test_text_vectors_go_straight() -> None:
    start, end = np.array([1, 2, 0], np.float32), np.array([-1, 4, 0], np.float32)
    between: FloatArray = text_vectors_between(start, end, POSITIONS)
    assert np.array_equal(between[0], start) and np.array_equal(between[-1], end)
    assert np.allclose(between[5], [0, 3, 0])


@pytest.mark.parametrize("draw", [flat, fading])
def test_frames_lie_close_where_pictures_change_quickly(draw: Callable[[ArrayLike], UInt8Array]) -> None:
    positions = even_positions(draw([0, 0, 0, 100, 200, 200, 200]), 9)
    assert positions[0] == 0 and positions[-1] == 1
    assert all(one < other for one, other in itertools.pairwise(positions))
    assert sum(2 / 6 <= position <= 4 / 6 for position in positions) == 7


def test_where_nothing_or_everything_changes_alike_frames_lie_evenly() -> None:
    for probes in (flat([7] * 5), flat([0, 50, 100, 150, 200])):
        assert np.allclose(even_positions(probes, 11), POSITIONS)


def paint_jump(positions: Sequence[float]) -> UInt8Array:
    """Pictures that change as a logistic curve does: slowly, quickly half-way, slowly."""
    return flat(250 / (1 + np.exp(-20 * (np.array(positions) - 0.5))))


def test_painting_evenly_takes_the_jump_out() -> None:
    def steepest(pictures: UInt8Array) -> int:
        return int(np.abs(np.diff(pictures.astype(int), axis=0)).max())

    positions, frames = paint_evenly(paint_jump, 40)
    assert len(positions) == len(frames) == 40
    assert steepest(frames) < 0.5 * steepest(paint_jump(np.linspace(0, 1, 40).tolist()))


def test_the_ends_are_painted_alone_and_progress_is_reported() -> None:
    asked: list[list[float]] = []
    reports: list[tuple[int, int]] = []

    def paint(positions: Sequence[float]) -> UInt8Array:
        asked.append(list(positions))
        return flat([100 * position for position in positions])

    positions, frames = paint_evenly(paint, 40, lambda painted, total: reports.append((painted, total)))
    assert asked[:2] == [[0.0], [1.0]]
    assert np.array_equal(frames, flat([100 * position for position in positions]))
    total = 40 + PROBE_COUNT - 2
    assert reports[0] == (1, total) and reports[-1] == (total, total)
    assert [painted for painted, _ in reports] == np.cumsum([len(part) for part in asked]).tolist()
    assert max(len(part) for part in asked) <= 16


def test_two_frames_are_the_ends_and_nothing_else_is_painted() -> None:
    reports: list[tuple[int, int]] = []
    positions, frames = paint_evenly(paint_jump, 2, lambda *now: reports.append(now))
    assert positions == [0, 1] and np.array_equal(frames, paint_jump([0, 1]))
    assert reports == [(1, 2), (2, 2)]


@pytest.mark.parametrize("position", [-0.1, 1.1, float("nan"), float("inf"), True, None, "0.5", 1j], ids=repr)
def test_positions_that_make_no_sense_are_refused(position: float) -> None:
    with pytest.raises(InvalidRequest, match="number from 0 to 1"):
        check_positions([0.5, position])
    assert check_positions([0, 0.25, np.float64(1)]).tolist() == [0, 0.25, 1]
