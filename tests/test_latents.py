"""Seeds become latents exactly as docs/latents.md says."""

import json
from pathlib import Path

import numpy as np
import pytest

from painting.errors import InvalidRequest
from painting.latents import SEED_COUNT, check_seed, latents, latents_of, picture_seeds, random_seed

VECTORS = json.loads((Path(__file__).parent / "latents_vectors.json").read_text(encoding="utf-8"))["vectors"]
BAD_SEEDS = [-1, SEED_COUNT, 10**30, True, "7", 7.0, None, float("nan"), [1]]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"seed {vector['seed']}")
def test_latents_equal_the_test_vectors(vector: dict[str, list[float]]) -> None:
    wanted = np.array(vector["latents"])
    assert np.allclose(latents(vector["seed"], 1, len(wanted))[0], wanted, rtol=0, atol=1e-6)  # type: ignore[arg-type]


def test_each_picture_of_a_request_comes_again_by_its_own_seed() -> None:
    together = latents(SEED_COUNT - 2, 4, 33)
    assert picture_seeds(SEED_COUNT - 2, 4) == [SEED_COUNT - 2, SEED_COUNT - 1, 0, 1]
    for row, seed in zip(together, picture_seeds(SEED_COUNT - 2, 4), strict=True):
        assert np.array_equal(row, latents(seed, 1, 33)[0])


def test_a_shorter_latent_begins_like_a_longer_one() -> None:
    assert np.array_equal(latents(7, 2, 5), latents(7, 2, 128)[:, :5])


def test_latents_are_standard_normal_and_uncorrelated_between_seeds() -> None:
    rows = latents(1000, 400, 256).astype(np.float64)
    assert latents(1, 1, 3).dtype == np.float32
    assert abs(rows.mean()) < 0.01
    assert abs(rows.std() - 1) < 0.01
    assert abs((rows**3).mean()) < 0.03 and abs((rows**4).mean() - 3) < 0.1
    neighbours = (rows[:-1] * rows[1:]).mean(1)
    assert np.abs(neighbours).max() < 5 / np.sqrt(256)


@pytest.mark.parametrize("seed", BAD_SEEDS, ids=repr)
def test_a_seed_out_of_range_or_of_another_kind_is_refused(seed: object) -> None:
    with pytest.raises(InvalidRequest, match="whole number from 0 to 4294967295"):
        check_seed(seed)


@pytest.mark.parametrize("seed", [0, SEED_COUNT - 1, np.int64(7), np.uint32(9)])
def test_whole_numbers_of_any_kind_are_seeds(seed: int) -> None:
    assert check_seed(seed) == int(seed)
    assert latents_of([seed], 2).shape == (1, 2)


def test_random_seeds_are_seeds_and_differ() -> None:
    drawn = {random_seed() for _ in range(20)}
    assert len(drawn) > 15
    assert all(check_seed(seed) == seed for seed in drawn)


def test_a_truncation_scales_the_latents_of_the_same_seeds() -> None:
    whole, half = latents_of([3, 7], 16), latents_of([3, 7], 16, 0.5)
    assert np.array_equal(half, whole * np.float32(0.5)) and half.dtype == np.float32
