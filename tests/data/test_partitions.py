"""A folder's parts: training sees nothing that is held out, and a folder without a split means what it meant."""

from pathlib import Path

import pytest
from tests.data.conftest import HashEncoder, noise_picture, write_rows

from painting.data.folder.listing import read_folder
from painting.data.partitions import read_partitions, read_training
from painting.data.prepared import PreparedSet, prepare
from painting.data.split import Split, write_split
from painting.errors import DataError


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Twelve pictures of three kinds in two colours."""
    folder = tmp_path / "many"
    return write_flowers(folder, range(12))


def write_flowers(folder: Path, seeds: range) -> Path:
    folder.mkdir(parents=True)
    rows: list[dict[str, object]] = []
    for seed in seeds:
        noise_picture(seed).save(folder / f"{seed}.png")
        kind, color = ("rose", "tulip", "iris")[seed % 3], ("red", "blue")[seed // 3 % 2]
        rows.append({"file_name": f"{seed}.png", "caption": f"a {color} {kind}", "kind": kind, "color": color})
    write_rows(folder, rows)
    return folder


def prepared(folder: Path, encoder: HashEncoder, cache: Path) -> PreparedSet:
    return prepare(folder, 16, 2, encoder, cache)


def test_the_training_partition_has_nothing_that_is_held_out(many: Path, encoder: HashEncoder, cache: Path) -> None:
    write_split(many, Split({"test": {"0.png": "x", "7.png": "x"}}, ("color", "kind"), (("blue", "iris"),)))
    data = prepared(many, encoder, cache)
    names = {example.name for example in data.examples}
    assert names == {f"{index}.png" for index in range(12)} - {"0.png", "7.png", "5.png", "11.png"}
    assert data.count == 16 and not any("blue iris" in e.captions[0] for e in data.examples)
    assert (data.summary["partition"], data.summary["pictures"]) == ("train", 8)


def test_the_parts_are_the_whole_folder(many: Path) -> None:
    write_split(many, Split({"test": {"0.png": "x"}}, ("color", "kind"), (("blue", "iris"),)))
    parts = read_partitions(many)
    assert {part: len(listing.examples) for part, listing in parts.items()} == {"train": 9, "test": 1, "zero-shot": 2}


def test_a_folder_without_a_split_means_what_it_meant(many: Path) -> None:
    assert read_training(many) == read_folder(many)
    assert list(read_partitions(many)) == ["train"]


def test_the_content_hash_covers_the_split(many: Path, encoder: HashEncoder, cache: Path) -> None:
    hashes = [prepared(many, encoder, cache).content_hash]
    for held_out in ({"test": {"0.png": "x"}}, {"test": {"1.png": "x"}}, {"zero-shot": {"1.png": "x"}}):
        write_split(many, Split(held_out))  # type: ignore[arg-type]
        hashes.append(prepared(many, encoder, cache).content_hash)
        assert prepared(many, encoder, cache).content_hash == hashes[-1]
    assert len(set(hashes)) == 4


def test_folders_train_and_test_are_parts(tmp_path: Path, encoder: HashEncoder, cache: Path) -> None:
    train = write_flowers(tmp_path / "set" / "train", range(6))
    write_flowers(tmp_path / "set" / "test", range(6, 9))
    parts = read_partitions(tmp_path / "set")
    assert {part: len(listing.examples) for part, listing in parts.items()} == {"train": 6, "test": 3}
    whole, alone = prepared(tmp_path / "set", encoder, cache), prepared(train, encoder, cache)
    assert whole.content_hash == alone.content_hash


def test_a_split_of_the_training_folder_counts_too(tmp_path: Path) -> None:
    train = write_flowers(tmp_path / "set" / "train", range(6))
    write_flowers(tmp_path / "set" / "test", range(6, 9))
    write_split(train, Split({}, ("color", "kind"), (("blue", "rose"),)))
    parts = read_partitions(tmp_path / "set")
    assert {part: len(listing.examples) for part, listing in parts.items()} == {"train": 5, "zero-shot": 1, "test": 3}


def test_what_the_training_folder_holds_out_for_testing_is_there_to_choose_by(tmp_path: Path) -> None:
    train = write_flowers(tmp_path / "set" / "train", range(6))
    write_flowers(tmp_path / "set" / "test", range(6, 9))
    write_split(train, Split({"test": {"0.png": "x", "1.png": "x"}}))
    parts = read_partitions(tmp_path / "set")
    counts = {part: len(listing.examples) for part, listing in parts.items()}
    assert counts == {"train": 4, "validation": 2, "test": 3}
    assert {part: len(listing.examples) for part, listing in read_partitions(train).items()} == {"train": 4, "test": 2}


def test_folders_called_train_and_test_without_metadata_are_folders_like_others(tmp_path: Path) -> None:
    for part in ("train", "test"):
        (tmp_path / part).mkdir()
        noise_picture(0).save(tmp_path / part / "a.png")
        (tmp_path / part / "a.txt").write_text("a flower")
    assert [example.name for example in read_training(tmp_path).examples] == ["test/a.png", "train/a.png"]


def test_a_split_that_leaves_nothing_to_train_on_is_refused(many: Path, encoder: HashEncoder, cache: Path) -> None:
    write_split(many, Split({"test": {f"{index}.png": "x" for index in range(12)}}))
    with pytest.raises(DataError, match="holds no usable captioned picture"):
        prepared(many, encoder, cache)
