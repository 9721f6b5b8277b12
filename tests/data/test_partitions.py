"""A folder's parts: training reads nothing that is held out, and a folder without a split means what it meant."""

from pathlib import Path

import pytest
from tests.data.conftest import HashEncoder, noise_picture, write_rows

from painting.data.folder.listing import read_folder
from painting.data.partitions import read_partitioned, read_partitions, read_training
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


def write_side_files(folder: Path, seeds: range) -> Path:
    folder.mkdir(parents=True)
    for seed in seeds:
        noise_picture(seed).save(folder / f"{seed}.png")
        (folder / f"{seed}.txt").write_text(f"a flower {seed}")
    return folder


def counts(folder: Path) -> dict[str, int]:
    return {part: len(listing.examples) for part, listing in read_partitions(folder).items()}


@pytest.mark.parametrize(
    ("folders", "expected"),
    [
        (("train", "test"), {"train": 2, "test": 2}),
        (("Train", "val"), {"train": 2, "validation": 2}),
        (("training", "testing", "validation"), {"train": 2, "test": 2, "validation": 2}),
        (("train", "valid", "test", "zero-shot"), {"train": 2, "test": 2, "zero-shot": 2, "validation": 2}),
        (("test", "val"), {"train": 4}),
        (("train", "more"), {"train": 4}),
    ],
)
def test_folders_named_after_partitions_divide_side_files_too(
    tmp_path: Path, folders: tuple[str, ...], expected: dict[str, int]
) -> None:
    for index, name in enumerate(folders):
        write_side_files(tmp_path / "set" / name, range(2 * index, 2 * index + 2))
    assert counts(tmp_path / "set") == expected
    assert next(iter(read_partitions(tmp_path / "set"))) == "train"


def test_classes_in_the_folders_of_partitions_are_captions(tmp_path: Path) -> None:
    for index, name in enumerate(("train/roses", "train/tulips", "test/roses", "test/tulips")):
        (tmp_path / name).mkdir(parents=True)
        noise_picture(index).save(tmp_path / name / "1.png")
    captions = {part: [e.captions[0] for e in listing.examples] for part, listing in read_partitions(tmp_path).items()}
    assert captions == {"train": ["roses", "tulips"], "test": ["roses", "tulips"]}


@pytest.mark.parametrize("above", ["flowers", "data/images"])
def test_folders_of_partitions_further_down_divide_too(tmp_path: Path, above: str) -> None:
    for index, name in enumerate(("train/roses", "train/tulips", "val/roses", "test/test")):
        write_side_files(tmp_path / "set" / above / name, range(index, index + 1))
    write_side_files(tmp_path / "set" / "test", range(4, 5))
    assert counts(tmp_path / "set") == {"train": 3, "test": 1, "validation": 1}


def test_metadata_above_the_folders_of_partitions_divides_by_them(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = []
    for index, part in enumerate(("train", "test")):
        (tmp_path / part).mkdir()
        noise_picture(index).save(tmp_path / part / "a.png")
        rows.append({"file_name": f"{part}/a.png", "caption": "a flower"})
    write_rows(tmp_path, rows)
    assert counts(tmp_path) == {"train": 1, "test": 1}


@pytest.mark.parametrize("column", ["split", "Split", "partition"])
def test_a_column_of_partitions_divides_a_folder_and_is_no_label(tmp_path: Path, column: str) -> None:
    lines = [f"file_name,caption,{column}"]
    for index, part in enumerate(("train", "train", "test", "val", "Validation", "")):
        noise_picture(index).save(tmp_path / f"{index}.png")
        lines.append(f"{index}.png,a flower,{part}")
    (tmp_path / "metadata.csv").write_text("\n".join(lines))
    assert counts(tmp_path) == {"train": 3, "test": 1, "validation": 2}
    assert read_training(tmp_path).examples[0].labels == {}
    write_split(tmp_path, Split({"test": {"0.png": "x"}}))
    assert counts(tmp_path) == {"train": 2, "test": 2, "validation": 2}


def test_a_column_split_that_holds_nothing_out_is_a_label(tmp_path: Path) -> None:
    noise_picture(0).save(tmp_path / "a.png")
    write_rows(tmp_path, [{"file_name": "a.png", "caption": "a flower", "split": "summer"}])
    assert read_training(tmp_path).examples[0].labels == {"split": "summer"}
    assert counts(tmp_path) == {"train": 1}


def test_an_unknown_partition_is_named_and_trained_on(tmp_path: Path) -> None:
    for name in "ab":
        noise_picture(ord(name)).save(tmp_path / f"{name}.png")
    rows: list[dict[str, object]] = [{"file_name": "a.png", "caption": "x", "split": "test"}]
    write_rows(tmp_path, [*rows, {"file_name": "b.png", "caption": "x", "split": "extra"}])
    assert counts(tmp_path) == {"train": 1, "test": 1}
    assert any("'extra' in 'split', which names no partition" in str(i) for i in read_training(tmp_path).issues)


def test_two_folders_of_one_partition_are_one_sentence(tmp_path: Path) -> None:
    for index, name in enumerate(("train", "val", "valid")):
        write_side_files(tmp_path / name, range(index, index + 1))
    with pytest.raises(DataError, match="two folders of validation pictures, val and valid: join them"):
        read_partitions(tmp_path)


def test_a_split_file_comes_before_folders_named_after_partitions(tmp_path: Path) -> None:
    for index, name in enumerate(("train", "test")):
        write_side_files(tmp_path / name, range(index, index + 1))
    write_split(tmp_path, Split({"test": {"train/0.png": "x"}}))
    assert [example.name for example in read_training(tmp_path).examples] == ["test/1.png"]


def test_what_the_training_folder_holds_out_beside_a_folder_of_it_is_named(tmp_path: Path) -> None:
    for index, name in enumerate(("train", "test", "val")):
        write_side_files(tmp_path / name, range(3 * index, 3 * index + 3))
    write_split(tmp_path / "train", Split({"test": {"0.png": "x"}}))
    assert counts(tmp_path) == {"train": 2, "test": 3, "validation": 3}
    (issue,) = read_partitioned(tmp_path).issues
    assert str(issue).startswith("train/0.png: is held out of the training folder, and another folder holds such")


def test_files_outside_the_folders_of_partitions_are_named(tmp_path: Path) -> None:
    for index, name in enumerate(("train", "test", "more")):
        write_side_files(tmp_path / name, range(index, index + 1))
    issues = read_partitioned(tmp_path).issues
    assert [str(issue) for issue in issues] == [
        f"more/2.{end}: is outside the folders train and test; it is ignored" for end in ("png", "txt")
    ]


def test_a_split_that_leaves_nothing_to_train_on_is_refused(many: Path, encoder: HashEncoder, cache: Path) -> None:
    write_split(many, Split({"test": {f"{index}.png": "x" for index in range(12)}}))
    with pytest.raises(DataError, match="holds no usable captioned picture"):
        prepared(many, encoder, cache)
