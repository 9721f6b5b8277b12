"""Faults that are planted in painters of digits are found by the right figure."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from painting.data.digits import Digits
from painting.evaluation.figure import Figure
from painting.evaluation.measure import measure_digits
from painting.evaluation.probe_training import train_probe
from painting.evaluation.read_back_digits import READER, largest_share, shares, smallest_share, sure_share
from painting.images import FloatArray, UInt8Array

COUNT = 400
SURE, RAREST, COMMONEST = (
    "digit read with confidence over 0.9",
    "share of the rarest digit",
    "share of the commonest digit",
)
FRECHET = "Fréchet distance on probe features"

Paint = Callable[[int], UInt8Array]
Measure = Callable[[Paint], dict[str, Figure]]


class FakePainter:
    """Paints without prompts, all seeds at once."""

    def __init__(self, paint: Paint) -> None:
        self.paint = paint

    def paint_arrays(self, prompts: Sequence[str], seeds: Sequence[int]) -> UInt8Array:
        assert list(prompts) == []
        assert list(seeds) == list(range(COUNT))
        return self.paint(len(seeds))


@pytest.fixture(scope="module")
def train() -> Digits:
    return Digits(split="train")


@pytest.fixture(scope="module")
def test_digits() -> Digits:
    return Digits(split="test")


@pytest.fixture(scope="module")
def measure(train: Digits, test_digits: Digits) -> Measure:
    reader = train_probe(train, replace(READER, images=12_000, learning_rate=4e-3))

    def run(paint: Paint) -> dict[str, Figure]:
        return {figure.name: figure for figure in measure_digits(FakePainter(paint), reader, train, test_digits, COUNT)}

    return run


def test_real_digits_are_read_surely_and_all_are_there(measure: Measure, train: Digits) -> None:
    figures = measure(lambda count: train.pictures(np.arange(count)))
    assert figures[SURE].value > 0.75
    assert figures[SURE].value == pytest.approx(figures[SURE].real, abs=0.05)
    assert 0.05 < figures[RAREST].value <= 0.1 <= figures[COMMONEST].value < 0.15
    assert figures[FRECHET].value < 2 * (figures[FRECHET].real or 0)
    assert figures[SURE].n == COUNT


def test_a_painter_that_paints_only_ones_is_told_by_the_shares(measure: Measure, train: Digits) -> None:
    ones = np.flatnonzero(train.labels(np.arange(train.count)) == 1)
    figures = measure(lambda count: train.pictures(ones[:count]))
    assert figures[SURE].value > 0.75
    assert figures[RAREST].value == 0
    assert figures[COMMONEST].value > 0.9
    assert figures[FRECHET].value > 10 * (figures[FRECHET].real or 0)


def test_a_painter_that_never_paints_a_four_is_told_by_the_rarest(measure: Measure, train: Digits) -> None:
    others = np.flatnonzero(train.labels(np.arange(train.count)) != 4)
    assert measure(lambda count: train.pictures(others[:count]))[RAREST].value < 0.02


@pytest.mark.parametrize("spread", [25, 255])
def test_noise_is_not_taken_for_digits(measure: Measure, spread: int) -> None:
    figures = measure(lambda count: np.random.default_rng(1).integers(0, spread, (count, 28, 28, 3), np.uint8))
    assert figures[COMMONEST].value > 0.3 or figures[SURE].value < 0.5
    assert figures[FRECHET].value > 10 * (figures[FRECHET].real or 0)


def test_digits_half_mixed_with_others_are_read_less_surely(measure: Measure, train: Digits) -> None:
    def mixed(count: int) -> UInt8Array:
        halves = train.pictures(np.arange(2 * count)) // 2
        blended: UInt8Array = halves[:count] + halves[count:]
        return blended

    figures = measure(mixed)
    assert figures[SURE].value < (figures[SURE].real or 0) - 0.3


def test_the_card_tells_reader_and_protocol(measure: Measure, train: Digits) -> None:
    figures = measure(lambda count: train.pictures(np.arange(count)))
    for name in (SURE, RAREST, COMMONEST):
        told = figures[name].as_dict()
        assert told["extractor"].startswith("probe-")
        assert "of 979 others right" in told["protocol"]


def test_shares_count_the_likeliest_and_sureness_the_height() -> None:
    probabilities: FloatArray = np.array(
        [[0.95, 0.05, 0], [0.5, 0.4, 0.1], [0.04, 0.91, 0.05], [0.85, 0.1, 0.05]], np.float32
    )
    assert shares(probabilities).tolist() == [0.75, 0.25, 0]
    assert (smallest_share(probabilities), largest_share(probabilities)) == (0, 0.75)
    assert sure_share(probabilities) == 0.5
