import numpy as np
import pytest

from painting.evaluation.metrics.label_accuracy import (
    LabelConfusion,
    Readings,
    label_accuracy_figure,
    missing_modes_figure,
    read_table,
    share_by_chance,
)
from painting.evaluation.prompts import Request

VALUES = ("daisy", "rose", "tulip")


def request(species: str, prompt: str = "a flower") -> Request:
    return Request(prompt, {"species": species} if prompt else {}, {"species": species})


def table(asked: list[str], painted: list[int], real: list[int], prompt: str = "a flower") -> LabelConfusion:
    readings = Readings("species", VALUES, np.array(painted), np.array(real), "classifier-1", "a careful reader")
    return read_table(readings, [request(species, prompt) for species in asked], "test")


def test_rows_are_what_was_asked_for_and_columns_what_was_read() -> None:
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


def test_the_figure_tells_painted_real_and_chance() -> None:
    figure = label_accuracy_figure(table(["rose", "rose", "tulip", "tulip"], [1, 2, 2, 2], [1, 1, 2, 0]), seed=3)
    assert (figure.id, figure.value, figure.real, figure.n, figure.seed) == ("label_accuracy.species", 0.75, 0.75, 4, 3)
    assert figure.chance == pytest.approx((2 * 1 + 2 * 3) / 16)
    assert "the share in which a careful reader reads the species of the prompt" in figure.protocol


def test_a_painter_of_one_value_is_right_by_chance_alone() -> None:
    found = table(["rose", "tulip"] * 3, [1] * 6, [1, 2] * 3)
    assert label_accuracy_figure(found, 0).value == share_by_chance(found.painted) == 0.5


def test_values_that_are_hardly_painted_are_left_out_whoever_asked_for_them() -> None:
    found = table(["rose"] * 8 + ["tulip"] * 8 + ["daisy"] * 2, [1] * 17 + [2], [1] * 8 + [2] * 8 + [0] * 2)
    assert found.left_out == ("tulip",)  # one of eight; daisies are too few to judge
    figure = missing_modes_figure(found, 0)
    assert (figure.id, figure.value, figure.real) == ("missing_modes.species", 0.5, 0)


def test_other_places_of_the_same_values_leave_nothing_out() -> None:
    asked = ["rose"] * 8 + ["tulip"] * 8
    assert table(asked, [2] * 8 + [1] * 8, [1] * 8 + [2] * 8).left_out == ()
