from dataclasses import astuple

import numpy as np
import pytest
from numpy.typing import NDArray

from painting.evaluation.metrics.precision_recall import precision_recall
from painting.images import FloatArray


def normal(count: int, seed: int, mean: float = 0) -> FloatArray:
    return np.random.default_rng(seed).normal(mean, 1, (count, 4)).astype(np.float32)


def test_a_copy_covers_everything_precisely() -> None:
    sample = normal(200, 0)
    found = precision_recall(sample, sample.copy())
    assert (found.precision, found.recall, found.coverage) == (1, 1, 1)
    assert found.density == pytest.approx(1, abs=0.3)


def test_fresh_samples_of_the_same_distribution_come_near_to_it() -> None:
    found = precision_recall(normal(500, 0), normal(500, 1))
    assert found.density == pytest.approx(1, abs=0.1)  # its expectation (Naeem et al. 2020)
    assert found.coverage == pytest.approx(1 - 0.5**5, abs=0.02)  # their equation for k = 5
    assert min(found.precision, found.recall) > 0.8


def test_pictures_far_from_real_ones_are_neither_precise_nor_cover_anything() -> None:
    assert astuple(precision_recall(normal(100, 0), normal(100, 1, mean=100))) == (0, 0, 0, 0)


def test_half_of_the_modes_missing_lowers_recall_and_coverage_and_not_precision() -> None:
    real = np.concatenate([normal(200, 0), normal(200, 1, mean=50)])
    found = precision_recall(real, normal(400, 2))
    assert found.precision > 0.8
    assert found.recall < 0.6
    assert found.coverage == pytest.approx(0.5, abs=0.05)


def test_one_picture_repeated_lowers_recall_and_coverage() -> None:
    real = normal(200, 0)
    found = precision_recall(real, np.repeat(real[:1], 200, axis=0))
    assert found.precision == 1
    assert found.recall < 0.02
    assert found.coverage < 0.1


def test_the_order_of_pictures_does_not_matter() -> None:
    one, other = normal(150, 0), normal(130, 1, mean=0.5)
    assert astuple(precision_recall(one[::-1], other[::-1])) == pytest.approx(astuple(precision_recall(one, other)))


def test_of_many_pictures_some_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("painting.evaluation.metrics.precision_recall.MAX_SAMPLE_SIZE", 200)
    one, other = normal(1000, 0), normal(800, 1, mean=0.5)
    assert precision_recall(one, other) == precision_recall(one[::5], other[::4])


def test_it_agrees_with_the_formulas_over_all_distances_at_once() -> None:
    real, generated = normal(300, 3), normal(250, 4, mean=0.4)

    def apart(one: FloatArray, other: FloatArray) -> NDArray[np.float64]:
        return np.asarray(np.linalg.norm(one[:, None].astype(np.float64) - other[None], axis=2))

    # The place 0 of a sorted row is the picture itself.
    radii = {k: np.sort(apart(real, real), axis=1)[:, k] for k in (3, 5)}
    reach = np.sort(apart(generated, generated), axis=1)[:, 3]
    between = apart(real, generated)
    found = precision_recall(real, generated)
    assert found.precision == pytest.approx((between <= radii[3][:, None]).any(axis=0).mean())
    assert found.recall == pytest.approx((between <= reach[None]).any(axis=1).mean())
    assert found.density == pytest.approx((between <= radii[5][:, None]).sum(axis=0).mean() / 5)
    assert found.coverage == pytest.approx((between.min(axis=1) <= radii[5]).mean())
