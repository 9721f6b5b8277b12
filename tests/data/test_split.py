import json
import shutil
from pathlib import Path

import pytest

from painting.data.folder.listing import Example, read_folder
from painting.data.image_cache import file_hash
from painting.data.split import Split, read_split, write_split
from painting.errors import DataError


def example(folder: Path, name: str) -> Example:
    return next(example for example in read_folder(folder).examples if example.name == name)


def test_a_split_is_read_as_it_was_written(folder: Path) -> None:
    split = Split({"test": {"b.png": "12"}, "zero-shot": {}}, ("color", "kind"), (("red", "rose"),), {"seed": 3})
    write_split(folder, split)
    assert read_split(folder) == split
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_a_folder_without_a_split_has_none(folder: Path) -> None:
    assert read_split(folder) is None


def test_a_copy_of_a_held_out_picture_is_held_out_whatever_its_name(folder: Path) -> None:
    shutil.copy(folder / "b.png", folder / "new.png")
    with (folder / "metadata.jsonl").open("a") as file:
        file.write('{"file_name": "new.png", "caption": "a flower"}\n')
    split = Split({"test": {"b.png": file_hash(folder / "b.png")}})
    parts = {name: split.partition_of(example(folder, name)) for name in ("a.png", "b.png", "new.png")}
    assert parts == {"a.png": "train", "b.png": "test", "new.png": "test"}


def test_a_picture_that_changed_stays_held_out_by_its_name(folder: Path) -> None:
    assert Split({"test": {"b.png": "its hash of old"}}).partition_of(example(folder, "b.png")) == "test"


def test_a_new_picture_of_a_held_out_pair_is_never_trained_on(folder: Path) -> None:
    row = {"file_name": "a.png", "caption": "x", "kind": "rose", "color": "blue"}
    (folder / "metadata.jsonl").write_text(json.dumps(row) + "\n")
    split = Split({}, ("color", "kind"), (("blue", "rose"),))
    assert split.partition_of(example(folder, "a.png")) == "zero-shot"
    assert Split({}, ("color", "kind"), (("red", "rose"),)).partition_of(example(folder, "a.png")) == "train"


def test_the_hash_covers_what_decides_and_nothing_else() -> None:
    split = Split({"test": {"a": "1"}, "zero-shot": {}}, ("color", "kind"), (("red", "rose"),), {"seed": 0})
    assert split.hash == Split(split.files, split.fields, split.pairs, {"seed": 1}).hash
    others = [
        Split({"test": {}, "zero-shot": {"a": "1"}}, split.fields, split.pairs),
        Split({"test": {"a": "2"}}, split.fields, split.pairs),
        Split(split.files, split.fields, (("blue", "rose"),)),
    ]
    assert len({split.hash, *(other.hash for other in others)}) == 4


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "cannot be read"),
        ("[]", "not a valid split"),
        ('{"format_version": 2}', "format version 2, not 1"),
        ('{"format_version": 1, "fields": [], "held_out": {}, "held_out_pairs": [["a", "b"]]}', "need two fields"),
        ('{"format_version": 1, "fields": [], "held_out": {"test": 3}, "held_out_pairs": []}', "not a valid split"),
    ],
)
def test_an_invalid_split_is_an_error_and_never_taken_for_none(folder: Path, content: str, reason: str) -> None:
    (folder / "split.json").write_text(content)
    with pytest.raises(DataError, match=reason):
        read_split(folder)


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be written"):
        write_split(tmp_path / "none", Split({}))
