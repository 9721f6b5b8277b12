import os

import pytest

from painting.data.folder.class_folders import class_names


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("roses", "roses"),
        ("red_rose", "red rose"),
        ("001.Black_footed_Albatross", "Black footed Albatross"),
        ("flower_photos/sunflowers", "sunflowers"),
        ("розы", "розы"),
        ("गुलाब_लाल", "गुलाब लाल"),
        (os.fsdecode(b"ros\xe9s"), "rosés"),
        ("n01440764", ""),
        ("12", ""),
        ("images", ""),
        ("Masks", ""),
        ("_", ""),
    ],
)
def test_words_in_the_name_of_a_folder_name_its_class(folder: str, name: str) -> None:
    classes = class_names([f"{folder}/1.jpg", "tulips/1.jpg", "lilies/1.jpg"])
    assert classes.pop(f"{folder}/1.jpg", "") == name
    assert classes == {"tulips/1.jpg": "tulips", "lilies/1.jpg": "lilies"}


@pytest.mark.parametrize("names", [["a.jpg", "b.jpg"], ["roses/a.jpg", "roses/b.jpg"], ["images/a.jpg", "roses/b.jpg"]])
def test_one_folder_is_no_set_of_classes(names: list[str]) -> None:
    assert class_names(names) == {}
