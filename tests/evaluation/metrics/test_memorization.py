import numpy as np
import pytest

from painting.evaluation.metrics.memorization import c_t, measure_memorization, z_u
from painting.images import FloatArray


def normal(count: int, seed: int) -> FloatArray:
    return np.random.default_rng(seed).normal(0, 1, (count, 8)).astype(np.float32)


def test_new_pictures_are_no_closer_than_held_out_ones() -> None:
    found = [measure_memorization(normal(300, seed), normal(300, 50 + seed), normal(600, 99)) for seed in range(4)]
    assert all(each.c_t is not None and abs(each.c_t) < 2 for each in found)
    assert np.mean([each.rate for each in found]) == pytest.approx(0.01, abs=0.01)


def test_copies_fail_both_tests_and_have_their_sources_as_nearest_neighbours() -> None:
    training = normal(600, 99)
    found = measure_memorization(training[100:400] + np.float32(1e-3), normal(300, 1), training)
    assert found.c_t is not None and found.c_t < -5
    assert found.rate == 1
    assert found.nearest.indices[:, 0].tolist() == list(range(100, 400))


def test_one_copy_in_ten_raises_the_memorization_rate() -> None:
    training = normal(600, 99)
    found = measure_memorization(np.concatenate([training[:30], normal(270, 2)]), normal(300, 1), training)
    assert found.rate == pytest.approx(0.11, abs=0.02)


def test_pictures_unlike_training_ones_score_far_above_nothing() -> None:
    found = measure_memorization(3 * normal(300, 2), normal(300, 1), normal(600, 99))
    assert found.c_t is not None and found.c_t > 3
    assert found.rate == 0


def test_z_u_is_the_standardised_u_statistic_by_hand() -> None:
    # All four of the first lie below all six of the second: U = 0, mean 12, variance 4 · 6 · 11 / 12.
    low, high = np.arange(4, dtype=np.float32), np.arange(10, 16, dtype=np.float32)
    assert z_u(low, high) == pytest.approx(-12 / np.sqrt(22))
    assert z_u(high, low) == pytest.approx(12 / np.sqrt(22))
    assert z_u(low, low) == 0


def test_cells_are_weighted_by_their_held_out_pictures_and_small_ones_are_skipped() -> None:
    low, high = np.zeros(30, np.float32), np.ones(60, np.float32)
    cells, held_out = np.repeat([0, 1, 2], [30, 30, 5]), np.repeat([0, 1, 2], [60, 20, 60])
    nearest = np.concatenate([low, np.ones(30, np.float32), np.zeros(5, np.float32)])
    distances = np.concatenate([high, np.ones(20, np.float32), np.ones(60, np.float32)])
    wanted = (60 * z_u(low, high) + 20 * 0) / 80
    assert c_t(nearest, distances, cells, held_out) == pytest.approx(wanted)
