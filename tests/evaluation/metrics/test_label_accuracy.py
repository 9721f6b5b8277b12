import numpy as np
import pytest

from painting.evaluation.metrics.label_accuracy import (
    LabelConfusion,
    LabelPredictions,
    accuracy,
    chance_accuracy,
    confusion_of,
)
from painting.evaluation.prompts import Request

VALUES = ("daisy", "rose", "tulip")


def request(species: str, prompt: str = "a flower") -> Request:
    return Request(prompt, {"species": species} if prompt else {}, {"species": species})


def table(named: list[str], painted: list[int], real: list[int], prompt: str = "a flower") -> LabelConfusion:
    predictions = LabelPredictions(
        "species", VALUES, np.array(painted), np.array(real), "classifier-1", "a careful reader"
    )
    return confusion_of(predictions, [request(species, prompt) for species in named], "test")


def test_rows_are_labels_of_prompts_and_columns_predictions() -> None:
    found = table(["rose", "rose", "rose", "tulip"], [1, 0, 0, 2], [1, 1, 1, 0])
    assert found.painted.tolist() == [[0, 0, 0], [2, 1, 0], [0, 0, 1]]
    assert found.real.tolist() == [[0, 0, 0], [0, 3, 0], [1, 0, 0]]
    rose, tulip = found.rows()
    assert (rose.value, rose.n, rose.painted, rose.real, rose.confused_with) == ("rose", 3, 1 / 3, 1, "daisy")
    assert (tulip.painted, tulip.real, tulip.confused_with) == (1, 0, None)


def test_prompts_that_name_nothing_known_do_not_count() -> None:
    assert table(["rose", "orchid", ""], [1, 1, 1], [1, 1, 1]).n == 1


def test_without_prompts_rows_are_the_labels_of_real_pictures() -> None:
    assert table(["rose", "tulip"], [0, 0], [1, 2], prompt="").real.tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 1]]


def test_accuracy_is_the_diagonal_and_chance_that_of_shuffled_predictions() -> None:
    found = table(["rose", "rose", "tulip", "tulip"], [1, 2, 2, 2], [1, 1, 2, 0])
    assert (accuracy(found.painted), accuracy(found.real), found.n) == (0.75, 0.75, 4)
    assert chance_accuracy(found.painted) == pytest.approx((2 * 1 + 2 * 3) / 16)


def test_a_painter_of_one_value_is_right_by_chance_alone() -> None:
    found = table(["rose", "tulip"] * 3, [1] * 6, [1, 2] * 3)
    assert accuracy(found.painted) == chance_accuracy(found.painted) == 0.5


def test_values_that_are_hardly_painted_are_missing_whatever_the_prompts_name() -> None:
    found = table(["rose"] * 8 + ["tulip"] * 8 + ["daisy"] * 2, [1] * 17 + [2], [1] * 8 + [2] * 8 + [0] * 2)
    assert found.missing_values == ("tulip",)  # one of eight; daisies are too few
    assert found.common_value_count == 2


def test_the_same_values_at_other_prompts_are_not_missing() -> None:
    named = ["rose"] * 8 + ["tulip"] * 8
    assert table(named, [2] * 8 + [1] * 8, [1] * 8 + [2] * 8).missing_values == ()
