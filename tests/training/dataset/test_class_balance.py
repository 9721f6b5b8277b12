"""Class-balanced sampling weights: how often pictures of rare classes are drawn."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from painting.training.dataset.class_balance import class_balanced_weights

ATTRIBUTES = ("color=red", "color=white", "kind=daisy", "kind=iris", "kind=rose")


def pictures(classes: str, attributes: tuple[str, ...] = ATTRIBUTES, views: int = 1) -> Any:
    """A picture set with a letter for each picture: (d)aisy, (i)ris, (r)ose, or no class."""
    targets = np.array([[1, 0, *(letter == each for each in "dir")] for letter in classes], np.float32)
    count = len(classes) * views
    return SimpleNamespace(attributes=attributes, count=count, views=views, targets=lambda ids: targets[ids // views])


@pytest.mark.parametrize(("balance", "shares"), [(1, [1 / 3] * 3), (0.5, [3 / 6, 2 / 6, 1 / 6])])
def test_a_class_of_n_pictures_is_drawn_in_proportion_to_a_power_of_n(balance: float, shares: list[float]) -> None:
    weights = class_balanced_weights(pictures("ddddddddd" + "iiii" + "r"), balance)
    assert weights is not None
    np.testing.assert_allclose([weights[:9].sum(), weights[9:13].sum(), weights[13:].sum()], shares)


def test_pictures_of_one_class_have_equal_weights() -> None:
    weights = class_balanced_weights(pictures("didddi"), 0.7)
    assert weights is not None
    assert len(set(weights[[0, 2, 3, 4]])) == 1 and weights[1] == weights[5] > weights[0]


def test_the_number_of_views_does_not_matter() -> None:
    one, three = (class_balanced_weights(pictures("ddir", views=views), 0.5) for views in (1, 3))
    assert one is not None and three is not None
    np.testing.assert_array_equal(one, three)


def test_pictures_without_a_class_are_one_more_class() -> None:
    weights = class_balanced_weights(pictures("dd??"), 1)
    assert weights is not None
    np.testing.assert_allclose(weights, 0.25)


@pytest.mark.parametrize(
    ("data", "balance"),
    [
        (pictures("dir"), 0.0),
        (pictures("dir", ("word=red", "word=white", "word=daisy", "word=iris", "word=rose")), 0.5),
        (SimpleNamespace(attributes=ATTRIBUTES, count=None), 0.5),
    ],
    ids=["no balance", "no labels", "endless"],
)
def test_otherwise_sampling_is_uniform(data: Any, balance: float) -> None:
    assert class_balanced_weights(data, balance) is None
