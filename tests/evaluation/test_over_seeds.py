from dataclasses import replace

import pytest

from painting.evaluation.figure import Figure
from painting.evaluation.over_seeds import over_seeds

FIGURE = Figure("KID ×1000", 2.0, 100, "classifier-1", "test", "By hand.", real=0.5)


def test_one_turn_stays_as_it_is() -> None:
    assert over_seeds([[FIGURE]]) == [FIGURE]


def test_several_turns_give_mean_and_spread_of_each_figure() -> None:
    other = replace(FIGURE, split="train", value=7.0)
    turns = [[replace(FIGURE, value=value), other] for value in (1.0, 2.0, 3.0)]
    mean, steady = over_seeds(turns)
    assert (mean.value, mean.spread, mean.real) == (2, 1, 0.5)
    assert mean.protocol == "By hand. The mean over 3 sets of seeds."
    assert (steady.split, steady.value, steady.spread) == ("train", 7, 0)


def test_a_figure_that_a_turn_lacks_is_taken_over_the_others() -> None:
    (found,) = over_seeds([[FIGURE], []])
    assert found.value == pytest.approx(2)
