"""Memorization as figures, and the closest pairs that a reader can check by eye."""

import numpy as np
import pytest

from painting.evaluation.figures.distribution import FeatureSample
from painting.evaluation.figures.memorization import compare_with_training
from painting.evaluation.metrics.memorization import C_T_METRIC, CLOSEST_PAIR_COUNT, MEMORIZATION_RATE_METRIC
from painting.evaluation.prompts import Request
from painting.evaluation.reference import RealPictures
from painting.images import FloatArray, UInt8Array

WIDTH = 8


class Numbers:
    """An extractor of made-up features."""

    kind = "classifier"
    name, key, width = "numbers", "numbers", WIDTH

    def features(self, pictures: UInt8Array) -> FloatArray:
        raise NotImplementedError


def normal(count: int, seed: int) -> FloatArray:
    return np.random.default_rng(seed).normal(0, 1, (count, WIDTH)).astype(np.float32)


def sample(painted: FloatArray) -> FeatureSample:
    return FeatureSample(Numbers(), "test", 7, painted, painted, (painted, painted), "others", (painted, painted))


@pytest.mark.parametrize(
    ("count", "metrics"), [(15, [MEMORIZATION_RATE_METRIC]), (300, [C_T_METRIC, MEMORIZATION_RATE_METRIC])]
)
def test_the_data_copying_test_has_no_figure_where_too_few_pictures_allow_it(count: int, metrics: list[object]) -> None:
    result = compare_with_training(sample(normal(count, 1)), normal(count, 2), normal(600, 99))
    figures = result.figures()
    assert [figure.metric for figure in figures] == metrics
    assert all(f"{count} painted and {count} held-out pictures, 600 training" in f.protocol for f in figures)
    assert {(figure.n, figure.seed, figure.split) for figure in figures} == {(count, 7, "test")}


def shades(ids: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> UInt8Array:
    """Pictures (N, 2, 2, 3) in the gray of their ids."""
    return np.repeat(ids, 12).reshape(-1, 2, 2, 3).astype(np.uint8)


def real_shades(count: int) -> RealPictures:
    names = tuple(f"{index}.png" for index in range(count))
    return RealPictures("train", 2, "hash", names, ((),) * count, ({},) * count, shades)


def test_closest_pairs_come_nearest_first_with_prompt_seed_and_source() -> None:
    training = normal(200, 99)
    painted = np.concatenate([normal(30, 1), training[50:51], training[60:61] + np.float32(0.01)])
    result = compare_with_training(sample(painted), normal(30, 2), training)
    requests = [Request(f"prompt {index}" if index != 31 else "", {}, {}) for index in range(32)]
    pairs = result.closest_pairs(shades, real_shades(200), requests, list(range(100, 132)))
    assert len(pairs) == CLOSEST_PAIR_COUNT
    assert [pair.distance for pair in pairs] == sorted(pair.distance for pair in pairs)
    copy, near = pairs[:2]
    assert (copy.training_name, copy.distance, copy.prompt, copy.seed) == ("50.png", 0, "prompt 30", 130)
    assert (near.training_name, near.prompt, near.seed, near.extractor) == ("60.png", None, 131, "numbers")
    assert (copy.painted == 30).all() and (copy.training == 50).all()
    assert copy.typical > near.distance
