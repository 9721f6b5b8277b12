from typing import Any

import pytest

from painting.data.folder.fields import MetadataRow, file_field, metadata_row, partition_field


def row(**fields: Any) -> MetadataRow:
    found = metadata_row(1, {"file_name": "a.jpg", **fields}, None)
    assert isinstance(found, MetadataRow), found
    return found


@pytest.mark.parametrize(
    "field", ["file_name", "File_Name", "file name", "filename", "image", "image_path", "path", "Image-File"]
)
def test_other_names_of_the_files_column_are_known(field: str) -> None:
    found = metadata_row(1, {field: "./roses/a.jpg", "text": "a rose"}, None)
    assert isinstance(found, MetadataRow) and found.name == "roses/a.jpg"
    assert file_field([field, "text"]) == field


def test_the_first_of_several_names_counts_and_the_others_are_labels() -> None:
    found = metadata_row(1, {"image": "rose", "file_name": "a.jpg"}, None)
    assert isinstance(found, MetadataRow)
    assert (found.name, found.labels) == ("a.jpg", {"image": "rose"})


@pytest.mark.parametrize(
    "fields",
    [
        {"caption": "a rose"},
        {"Caption": "a rose"},
        {"TEXT": "a rose"},
        {"prompt": "a rose"},
        {"Description": "a rose"},
        {"alt text": "a rose"},
        {"caption_1": "a rose", "caption_2": ""},
        {"caption": "['a rose']"},
        {"caption": '["a rose"]'},
        {"captions": ["a rose"]},
    ],
    ids=str,
)
def test_captions_of_other_tools_are_read_and_are_no_labels(fields: dict[str, object]) -> None:
    found = row(**fields, species="rose")
    assert (found.captions, found.labels) == (("a rose",), {"species": "rose"})


@pytest.mark.parametrize(
    ("text", "captions"),
    [
        ("['a rose', 'a \"red\" rose']", ("a rose", 'a "red" rose')),
        ('["a rose", "it\'s red"]', ("a rose", "it's red")),
        ("['a rose'\n 'a red rose']", ("a rose", "a red rose")),
        ("[a red rose]", ("a red rose",)),
        ("[1, 2]", ("[1, 2]",)),
        ("[]", ("[]",)),
        ("['unfinished", ("['unfinished",)),
        ("[" * 5000 + "]" * 5000, None),
    ],
    ids=lambda value: str(value)[:30],
)
def test_lists_written_as_text_are_lists(text: str, captions: tuple[str, ...] | None) -> None:
    found = row(caption=text).captions
    assert found is not None and len(found) >= 1
    assert captions is None or found == captions


def test_labels_are_cleaned_as_captions_are() -> None:
    found = row(text="a cafe\u0301 rose\u200b", kind="cafe\u0301  rose\u200b", empty="\u200b")
    assert (found.captions, found.labels) == (("a café rose",), {"kind": "café rose"})


def test_a_description_beside_a_caption_is_a_label() -> None:
    found = row(caption="a rose", description="wild")
    assert (found.captions, found.labels) == (("a rose",), {"description": "wild"})


def test_a_name_that_is_no_utf_8_is_a_name() -> None:
    found = metadata_row(1, {"file_name": "ros\udce9.jpg", "text": "x"}, None)
    assert isinstance(found, MetadataRow) and found.name == "ros\udce9.jpg"


def test_the_partitions_column_is_one_that_holds_something_out() -> None:
    assert partition_field([{"split": "train"}, {"split": "val"}]) == "split"
    assert partition_field([{"Split": "test"}]) == "Split"
    assert partition_field([{"split": "train"}, {"split": "summer"}, {}]) is None
    found = metadata_row(1, {"file_name": "a.jpg", "split": "val", "text": "x"}, "split")
    assert isinstance(found, MetadataRow)
    assert (found.partition, found.labels) == ("validation", {})
