import os
import unicodedata

import pytest

from painting.data.folder.names import NameIndex

DECOMPOSED = unicodedata.normalize("NFD", "rosé.png")


@pytest.mark.parametrize(
    ("on_disk", "written"),
    [
        ("a.png", "a.png"),
        (DECOMPOSED, "rosé.png"),
        ("rosé.png", DECOMPOSED),
        ("roses/a.png", "roses\\a.png"),
        ("roses/a.png", ".\\roses\\a.png"),
        ("IMG_1.JPG", "img_1.jpg"),
        (unicodedata.normalize("NFD", "ROSÉ.PNG"), "rosé.png"),
        (os.fsdecode(b"ros\xe9.png"), "rosé.png"),
        (os.fsdecode(b"ros\xe9.png"), os.fsdecode(b"ros\xe9.png")),
    ],
)
def test_a_name_in_another_spelling_finds_its_file(on_disk: str, written: str) -> None:
    assert NameIndex([on_disk, "other.png"]).find(written) == on_disk


@pytest.mark.parametrize("name", ["b.png", "a", "roses/a.png", "", "\ud800.png"])
def test_a_name_that_no_file_has_finds_none(name: str) -> None:
    assert NameIndex(["a.png"]).find(name) is None


def test_where_two_files_differ_in_case_alone_only_the_exact_name_counts() -> None:
    index = NameIndex(["a.png", "A.png"])
    assert (index.find("A.png"), index.find("a.png"), index.find("a.PNG")) == ("A.png", "a.png", None)


def test_a_name_without_its_folder_finds_the_only_file_of_that_name() -> None:
    index = NameIndex(["roses/a.png", "tulips/b.png", "roses/b.png"])
    assert index.find_anywhere("A.png") == "roses/a.png"
    assert index.find_anywhere("b.png") is None
    assert index.find_anywhere("lilies/a.png") is None
