import numpy as np
import pytest
from tests.evaluation.reference import AsGiven, given
from torchmetrics.image.fid import FrechetInceptionDistance

from painting.evaluation.metrics.frechet import Matrix, Moments, frechet_between, frechet_distance, moments_of


@pytest.fixture
def sample() -> Matrix:
    random = np.random.default_rng(0)
    return random.normal(size=(200, 6)) @ random.normal(size=(6, 6))


def test_a_sample_is_at_no_distance_from_itself(sample: Matrix) -> None:
    assert frechet_distance(sample, sample) == pytest.approx(0, abs=1e-9)


def test_with_equal_covariances_it_is_the_squared_distance_of_the_means(sample: Matrix) -> None:
    shift = np.array([1.0, -2.0, 0.5, 0, 0, 3.0])
    assert frechet_distance(sample, sample + shift) == pytest.approx(float(shift @ shift), rel=1e-9)


def test_with_covariances_that_commute_it_adds_the_squared_differences_of_the_spreads() -> None:
    corners = np.array([[x, y] for x in (-1.0, 1) for y in (-1.0, 1)] * 50)
    spread = corners.std(axis=0, ddof=1)
    wanted = float(np.square(spread * [2, 5] - spread * [1, 3]).sum())
    assert frechet_distance(corners * [2, 5], corners * [1, 3]) == pytest.approx(wanted, rel=1e-9)


def test_it_does_not_matter_which_sample_comes_first_nor_the_order_in_it(sample: Matrix) -> None:
    other = np.random.default_rng(1).normal(2, 3, (150, 6))
    forth, back = frechet_distance(sample, other), frechet_distance(other[::-1], sample[::-1])
    assert forth == pytest.approx(back, rel=1e-9)


def test_fewer_pictures_than_features_still_give_a_finite_distance() -> None:
    random = np.random.default_rng(2)
    assert 0 < frechet_distance(random.normal(size=(5, 20)), random.normal(1, 1, (4, 20))) < 1e3


def test_a_small_spread_far_from_zero_is_measured_though_features_are_float32() -> None:
    random = np.random.default_rng(3)
    near = random.normal(size=(500, 3)) * 1e-3
    assert frechet_distance((near + 8).astype(np.float32), (near + 8).astype(np.float32) + 0) < 1e-12
    assert frechet_distance(near + 8, 2 * near + 8) == pytest.approx(near.var(axis=0, ddof=1).sum(), rel=1e-2)


@pytest.mark.parametrize("count", [20, 39, 40])
def test_few_pictures_have_the_distance_of_their_moments(count: int) -> None:
    random = np.random.default_rng(6)
    mixing = random.normal(size=(40, 40))
    one, other = random.normal(size=(count, 40)) @ mixing, random.normal(0.3, 1.2, (count - 5, 40)) @ mixing
    of_moments = frechet_between(moments_of(one), moments_of(other))
    assert frechet_distance(one, other) == pytest.approx(of_moments, rel=1e-6)


@pytest.mark.parametrize("size", [1, 7, 200])
def test_moments_are_the_same_whatever_the_blocks(sample: Matrix, size: int) -> None:
    moments = Moments(6)
    for start in range(0, 200, size):
        moments.add(sample[start : start + size])
    assert moments.count == 200
    np.testing.assert_allclose(moments.mean, sample.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(moments.covariance, np.cov(sample, rowvar=False), rtol=1e-10)


def test_more_than_a_block_of_pictures_has_the_moments_of_all() -> None:
    random = np.random.default_rng(4)
    one, other = random.normal(size=(3000, 4)), random.normal(1, 2, (2500, 4))
    whole = [Moments(4), Moments(4)]
    for moments, rows in zip(whole, (one, other), strict=True):
        moments.add(rows)
    assert frechet_distance(one, other) == pytest.approx(frechet_between(*whole), rel=1e-9)


def test_it_agrees_with_torchmetrics() -> None:
    random = np.random.default_rng(5)
    mixing = random.normal(size=(24, 24))
    one = (random.normal(size=(300, 24)) @ mixing).astype(np.float32)
    other = (random.normal(0.3, 1.2, (260, 24)) @ mixing).astype(np.float32)
    reference = FrechetInceptionDistance(feature=AsGiven(), input_img_size=(1, 1, 24))
    reference.update(given(one), real=True)
    reference.update(given(other), real=False)
    assert frechet_distance(one, other) == pytest.approx(float(reference.compute()), rel=1e-3)
