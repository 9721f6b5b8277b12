from pathlib import Path

import pytest

from painting.data.folder import Example
from painting.evaluation.read_back import names, requests_of, share_by_chance, share_equal


@pytest.mark.parametrize(
    ("caption", "value", "named"),
    [
        ("a red rose", "rose", True),
        ("A Rose!", "rose", True),
        ("a primrose", "rose", False),
        ("roses", "rose", False),
        ("one tiger lily of many", "tiger lily", True),
        ("a c++ logo", "c++", True),
    ],
)
def test_a_caption_names_a_value_as_whole_words(caption: str, value: str, named: bool) -> None:
    assert names(caption, value) is named


def example(*captions: str) -> Example:
    return Example("a.jpg", Path("a.jpg"), captions, {"species": "rose", "color": "red", "photographer": "Ann"})


def test_the_first_caption_that_names_most_labels_is_asked_for() -> None:
    captions = ("a rose", "a flower", "a red rose by Ann", "red rose")
    (request,) = requests_of([example(*captions)], ["species", "color"])
    assert request.prompt == "a red rose by Ann"
    assert request.named == {"species": "rose", "color": "red"}


def test_a_label_that_no_caption_names_is_not_asked_for() -> None:
    (request,) = requests_of([example("a flower", "a red flower")], ["species", "color"])
    assert request.prompt == "a red flower"
    assert request.named == {"color": "red"}


def test_shares_of_agreement_and_of_agreement_by_chance() -> None:
    wanted, read = ["red", "red", "blue", "blue"], ["red", "blue", "blue", "blue"]
    assert share_equal(wanted, read) == 0.75
    assert share_by_chance(wanted, read) == 0.5
    assert share_by_chance(["red"] * 4, ["red"] * 4) == 1
