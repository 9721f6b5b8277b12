import numpy as np
import pytest
from tests.evaluation.reference import AsGiven, given
from torchmetrics.image.kid import KernelInceptionDistance

from painting.evaluation.metrics.kid import kid
from painting.images import FloatArray


def normal(count: int, seed: int, mean: float = 0) -> FloatArray:
    return np.random.default_rng(seed).normal(mean, 1, (count, 16)).astype(np.float32)


def test_two_halves_of_one_sample_are_at_about_no_distance_and_on_either_side_of_it() -> None:
    found = [kid(normal(300, seed), normal(300, 100 + seed)) for seed in range(20)]
    assert abs(np.mean(found)) < 3 * np.std(found) / np.sqrt(20)
    assert min(found) < 0 < max(found)
    assert max(map(abs, found)) < 0.1 * kid(normal(300, 0), normal(300, 1, mean=0.5))


def test_it_is_the_estimate_by_hand() -> None:
    one, other = np.array([[1.0, 0], [0, 1]]), np.array([[1.0, 1], [2, 0]])
    # Within: one pair each, (0 / 2 + 1)³ and (2 / 2 + 1)³; between: (1/2 + 1)³, (2/2 + 1)³, (1/2 + 1)³, (0/2 + 1)³.
    assert kid(one, other) == pytest.approx(1 + 8 - 2 * (3.375 + 8 + 3.375 + 1) / 4)


def test_the_order_of_pictures_does_not_matter() -> None:
    one, other = normal(200, 1), normal(180, 2, mean=0.2)
    assert kid(one, other) == pytest.approx(kid(one[::-1], other[::-1]), rel=1e-9)


def squared_mmd(one: FloatArray, other: FloatArray, paired: bool = False) -> float:
    """All kernel values at once."""
    x, y = one.astype(np.float64), other.astype(np.float64)
    within_x, within_y, across = ((a @ b.T / x.shape[1] + 1) ** 3 for a, b in ((x, x), (y, y), (x, y)))
    others = [values[~np.eye(len(values), dtype=bool)].mean() for values in (within_x, within_y)]
    between = across[~np.eye(len(x), dtype=bool)].mean() if paired else across.mean()
    return float(sum(others) - 2 * between)


@pytest.mark.parametrize("block", [1, 7, 100, 1024])
def test_blocks_of_any_size_add_up_to_all_pairs(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr("painting.evaluation.metrics.kid.ROWS_PER_BLOCK", block)
    one, other = normal(30, 3), normal(23, 4, mean=0.3)
    assert kid(one, other) == pytest.approx(squared_mmd(one, other))
    assert kid(one, one[::-1], paired=True) == pytest.approx(squared_mmd(one, one[::-1], paired=True))


def test_of_many_pictures_some_are_compared_that_agree_with_all() -> None:
    one, other = normal(1500, 3), normal(1400, 4, mean=0.3)
    assert kid(one, other) == pytest.approx(squared_mmd(one, other))
    assert kid(one, other, max_sample=500) == pytest.approx(squared_mmd(one, other), rel=0.2)


@pytest.mark.filterwarnings("ignore:Metric `Kernel Inception Distance` will save")
def test_it_agrees_with_torchmetrics() -> None:
    one, other = normal(200, 5), normal(200, 6, mean=0.2)
    reference = KernelInceptionDistance(feature=AsGiven(), subsets=1, subset_size=200)
    reference.update(given(one), real=True)
    reference.update(given(other), real=False)
    assert kid(one, other) == pytest.approx(float(reference.compute()[0]), rel=1e-3)


def test_what_two_pictures_of_one_prompt_share_counts_only_where_samples_are_said_to_be_unpaired() -> None:
    unpaired, paired = [], []
    for seed in range(10):
        prompts = 3 * normal(100, seed)
        one, other = prompts + normal(100, 100 + seed), prompts + normal(100, 200 + seed)
        unpaired.append(kid(one, other))
        paired.append(kid(one, other, paired=True))
    assert max(unpaired) < 0
    assert abs(np.mean(paired)) < 0.2 * abs(np.mean(unpaired))


def test_of_many_paired_pictures_pairs_stay_together() -> None:
    prompts = 3 * normal(600, 1)
    one, other = prompts + normal(600, 2), prompts + normal(600, 3, mean=0.5)
    assert kid(one, other, paired=True, max_sample=300) == pytest.approx(squared_mmd(one[::2], other[::2], paired=True))
