from pathlib import Path

import numpy as np

from painting.data.attributes import attributes_of, class_columns, columns_by_field, label_values, targets_of
from painting.data.folder.listing import Example


def example(caption: str, **labels: str) -> Example:
    return Example("a.png", Path("a.png"), (caption,), labels)


def test_labels_become_attributes() -> None:
    examples = [example("x", species="rose", color="red"), example("x", species="tulip", color="red")] * 2
    examples.append(example("x", species="rose", color="blue"))
    attributes = attributes_of(examples)
    assert attributes == ("color=blue", "color=red", "species=rose", "species=tulip")
    assert label_values(attributes) == {"color": ["blue", "red"], "species": ["rose", "tulip"]}
    np.testing.assert_array_equal(targets_of(examples[:2], attributes), [[0, 1, 1, 0], [0, 1, 0, 1]])


def test_labels_without_information_are_ignored() -> None:
    examples = [example("x", licence="CC0", number=str(index), kind="ab"[index % 2]) for index in range(8)]
    assert attributes_of(examples) == ("kind=a", "kind=b")


def test_without_labels_the_captions_words_count() -> None:
    examples = [example("red petals"), example("red leaves"), example("white petals"), example("white leaves")]
    attributes = attributes_of(examples)
    assert attributes == ("word=leaves", "word=petals", "word=red", "word=white")
    assert label_values(attributes) == {}
    np.testing.assert_array_equal(targets_of(examples[:1], attributes), [[0, 1, 1, 0]])


def test_one_picture_has_no_attributes() -> None:
    assert targets_of([example("a rose")], attributes_of([example("a rose")])).shape == (1, 0)


def test_columns_are_grouped_by_the_field_before_the_first_equals_sign() -> None:
    assert columns_by_field(["color=blue", "color=red", "species=tiger=lily"]) == {"color": [0, 1], "species": [2]}


def test_classes_are_the_values_of_the_field_with_the_most_of_them() -> None:
    assert class_columns(["color=red", "species=rose", "species=tulip", "word=a", "word=b", "word=c"]) == [1, 2]
    assert class_columns(["word=petals", "word=leaves"]) == []
