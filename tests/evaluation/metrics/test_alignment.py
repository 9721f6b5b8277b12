from collections.abc import Sequence

import numpy as np
import pytest

from painting.evaluation.metrics.alignment import Alignment, alignment, normalized_gain
from painting.evaluation.prompts import Request
from painting.images import FloatArray, UInt8Array


class Products:
    """Scores by the product of features and text vectors."""

    name, key, width = "products", "products", 4
    kind = "clip"

    def features(self, pictures: UInt8Array) -> FloatArray:
        return pictures.reshape(len(pictures), -1)[:, :4].astype(np.float32)

    def request_vectors(self, requests: Sequence[Request]) -> FloatArray:
        return np.ones((len(requests), 4), np.float32)

    def similarity(self, features: FloatArray, vectors: FloatArray) -> FloatArray:
        fits: FloatArray = np.einsum("nct,nt->nc", vectors, features)
        return fits


def directions(count: int, seed: int = 0, width: int = 32) -> FloatArray:
    rows = np.random.default_rng(seed).normal(0, 1, (count, width)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def test_pictures_that_are_their_prompts_match_best_of_all() -> None:
    vectors = directions(400)  # more than a block
    found = alignment(Products(), vectors, vectors)
    assert found.matched == pytest.approx(1)
    assert found.shuffled == pytest.approx(0, abs=0.01)
    assert found.r_precision == 1


def test_pictures_without_regard_to_prompts_gain_nothing_and_match_by_chance() -> None:
    found = alignment(Products(), directions(2000, seed=1), directions(2000))
    assert found.gain == pytest.approx(0, abs=0.02)
    assert found.r_precision == pytest.approx(1 / 100, abs=0.01)


def test_the_same_picture_for_all_prompts_gains_nothing() -> None:
    vectors = directions(200)
    found = alignment(Products(), np.repeat(vectors[:1], 200, axis=0), vectors)
    assert found.gain == pytest.approx(0, abs=0.02)


def test_equal_prompts_share_the_match() -> None:
    vectors = np.repeat(directions(1), 10, axis=0)
    assert alignment(Products(), vectors, vectors).r_precision == pytest.approx(1 / 10)


def test_the_own_prompt_is_never_among_the_others() -> None:
    vectors = np.eye(5, dtype=np.float32)
    found = alignment(Products(), vectors, vectors)
    assert (found.matched, found.shuffled) == (1, 0)


def test_normalised_it_is_the_part_of_what_real_pictures_gain() -> None:
    real = Alignment(matched=0.3, shuffled=0.2, r_precision=1)
    assert normalized_gain(Alignment(0.25, 0.2, 0), real) == pytest.approx(0.5)
    assert normalized_gain(Alignment(0.2, 0.2, 0), real) == 0
    assert normalized_gain(real, Alignment(0.2, 0.2, 0)) == 0  # real pictures gain nothing: there is no scale
