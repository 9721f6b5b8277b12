"""How often rare kinds are seen."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from painting.training.class_balance import class_balanced_weights

ATTRIBUTES = ("color=red", "color=white", "kind=daisy", "kind=iris", "kind=rose")


def pictures(kinds: str, attributes: tuple[str, ...] = ATTRIBUTES, views: int = 1) -> Any:
    """A picture set with a letter a picture: daisy, iris, rose, or none."""
    targets = np.array([[1, 0, *(letter == kind for kind in "dir")] for letter in kinds], np.float32)
    count = len(kinds) * views
    return SimpleNamespace(attributes=attributes, count=count, views=views, targets=lambda ids: targets[ids // views])


@pytest.mark.parametrize(("class_balance", "shares"), [(1, [1 / 3] * 3), (0.5, [3 / 6, 2 / 6, 1 / 6])])
def test_kinds_are_drawn_as_often_as_evenness_says(evenness: float, shares: list[float]) -> None:
    drawn = class_balanced_weights(pictures("ddddddddd" + "iiii" + "r"), evenness)
    assert drawn is not None
    np.testing.assert_allclose([drawn[:9].sum(), drawn[9:13].sum(), drawn[13:].sum()], shares)


def test_pictures_of_a_kind_are_drawn_alike() -> None:
    drawn = class_balanced_weights(pictures("didddi"), 0.7)
    assert drawn is not None
    assert len(set(drawn[[0, 2, 3, 4]])) == 1 and drawn[1] == drawn[5] > drawn[0]


def test_views_change_nothing() -> None:
    one, three = (class_balanced_weights(pictures("ddir", views=views), 0.5) for views in (1, 3))
    assert one is not None and three is not None
    np.testing.assert_array_equal(one, three)


def test_pictures_without_a_kind_are_one_more() -> None:
    drawn = class_balanced_weights(pictures("dd??"), 1)
    assert drawn is not None
    np.testing.assert_allclose(drawn, 0.25)


@pytest.mark.parametrize(
    ("data", "class_balance"),
    [
        (pictures("dir"), 0.0),
        (pictures("dir", ("word=red", "word=white", "word=daisy", "word=iris", "word=rose")), 0.5),
        (SimpleNamespace(attributes=ATTRIBUTES, count=None), 0.5),
    ],
    ids=["as they come", "no labels", "endless"],
)
def test_otherwise_all_are_drawn_as_they_come(data: Any, evenness: float) -> None:
    assert class_balanced_weights(data, evenness) is None
