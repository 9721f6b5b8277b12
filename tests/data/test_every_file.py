"""Every file of a folder is used or named, and check, training and split use the same pictures: generated folders."""

import json
import os
import random
import re
from collections import Counter
from pathlib import Path

import pytest
from tests.data.conftest import HashEncoder, noise_picture

from painting.data.check import check_folder
from painting.data.partitions import read_partitioned
from painting.data.prepared import prepare
from painting.data.split import Split, write_split
from painting.errors import DataError

FOLDERS = ("", "", "train", "test", "val", "roses", "tulips", "images", "captions", "images/roses", "__MACOSX", ".git")
STEMS = ("a", "b", "rosé", "rose\u0301", "RED", "1", os.fsdecode(b"ros\xe9"), "x y")
PICTURE_ENDS = (".png", ".jpg", ".JPG", ".jfif", ".webp", ".gif", ".tiff")
OTHER_ENDS = (".txt", ".TXT", ".caption", ".jpg.txt", ".csv", ".heic", ".zip", ".mp4", ".json", "", ".db")
SPECIAL_NAMES = ("Thumbs.db", ".DS_Store", "._a.png", "README.md", "metadata.csv", "metadata.jsonl", "split.json")
POINTER = b"version https://git-lfs.github.com/spec/v1\n"
TEXTS = (b"a red rose\n", b"", b"0 0.5 0.5 0.2 0.1\n", b"a\xe9\n", POINTER, b"7")
SEEDS = range(60)


def generate(folder: Path, draw: random.Random) -> None:
    """A folder of up to 20 files of every sort, among them links and metadata with good and bad lines."""
    folder.mkdir()
    for number in range(draw.randrange(1, 16)):
        name = draw.choice(STEMS) + draw.choice(PICTURE_ENDS)
        content = draw.choice((number, number, number, 0, None))
        path = place(folder, draw, name)
        if content is None:
            path.write_bytes(draw.choice((POINTER, b"", b"broken")))
        else:
            noise_picture(content, (24, 20)).save(path)
    for _ in range(draw.randrange(10)):
        place(folder, draw, draw.choice(STEMS) + draw.choice(OTHER_ENDS)).write_bytes(draw.choice(TEXTS))
    for name in draw.sample(SPECIAL_NAMES[:4], draw.randrange(3)):
        place(folder, draw, name).write_bytes(b"x")
    for number in range(draw.randrange(3)):
        target = draw.choice([folder, folder.parent, *folder.rglob("*"), folder / "nowhere"])
        (folder / f"link-{number}{draw.choice(('', '.png', '.txt'))}").symlink_to(target)
    for name in draw.sample(("metadata.csv", "metadata.jsonl"), draw.choice((0, 0, 1, 2))):
        write_metadata(place(folder, draw, name), draw)
    if draw.random() < 0.2:
        write_split(folder, Split({"test": {f"{draw.choice(STEMS)}.png": "x"}}))


def place(folder: Path, draw: random.Random, name: str) -> Path:
    path = folder / draw.choice(FOLDERS) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def write_metadata(path: Path, draw: random.Random) -> None:
    files = [file.relative_to(path.parent).as_posix() for file in path.parent.rglob("*") if file.is_file()]
    rows = [
        {"file_name": name, draw.choice(("caption", "prompt", "nothing")): draw.choice(("a rose", "", "['a', 'b']"))}
        | ({"split": draw.choice(("train", "test", "odd"))} if draw.random() < 0.3 else {})
        for name in draw.choices([*files, "gone.png", "../out.png"], k=8)
    ]
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows) + draw.choice(("", "broken\n")))
    else:
        lines = [";".join(("file_name", "caption")), *(";".join((row["file_name"], "a rose")) for row in rows)]
        path.write_bytes("\n".join(lines).encode("utf-8", "surrogateescape"))


def count_files(folder: Path) -> int:
    """All files below a folder; a link is one, wherever it leads."""
    walked = list(os.walk(folder))
    links = [name for path, folders, _ in walked for name in folders if os.path.islink(os.path.join(path, name))]
    return sum(len(files) for _, _, files in walked) + len(links)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_file_of_a_folder_is_used_or_named_once(tmp_path: Path, seed: int, encoder: HashEncoder) -> None:
    generate(tmp_path / "set", random.Random(seed))
    try:
        result = check_folder(tmp_path / "set", 16, encoder)
    except DataError as error:
        assert str(error).isprintable()
        return
    lost = [issue for issue in result.issues if issue.unused_files]
    assert len(result.examples) + result.sources + sum(issue.unused_files for issue in lost) == count_files(
        tmp_path / "set"
    )
    assert [where for where, count in Counter(issue.where for issue in lost).items() if count > 1] == []
    assert all(str(issue).isprintable() for issue in result.issues)
    assert all(line.isprintable() for line in result.summary())


@pytest.mark.parametrize("seed", SEEDS)
def test_training_uses_what_the_check_counts(tmp_path: Path, seed: int, encoder: HashEncoder, cache: Path) -> None:
    folder = tmp_path / "set"
    generate(folder, random.Random(seed))
    try:
        checked = check_folder(folder, 16, encoder)
        read = read_partitioned(folder).partitions
    except DataError as error:
        with pytest.raises(DataError, match=re.escape(str(error))):
            prepare(folder, 16, 1, encoder, cache)
        return
    assert checked.partitions.keys() == read.keys()
    for partition, listing in read.items():
        examples = checked.partitions[partition]
        if examples:
            assert tuple(prepare(listing, 16, 1, encoder, cache).examples) == examples
        else:
            with pytest.raises(DataError, match="no usable captioned picture"):
                prepare(listing, 16, 1, encoder, cache)


def test_the_generated_folders_have_members_of_each_sort(tmp_path: Path, encoder: HashEncoder) -> None:
    kinds: Counter[str] = Counter()
    for seed in SEEDS:
        generate(tmp_path / str(seed), random.Random(seed))
        try:
            kinds.update(issue.kind for issue in check_folder(tmp_path / str(seed), 16, encoder).issues)
        except DataError:
            kinds["error"] += 1
    common = {
        "no caption", "empty caption", "hidden", "system file", "linked folder", "refused path", "unsupported format",
        "other table", "archive", "placeholder", "unreadable", "duplicate", "mixed conventions", "listed twice",
        "caption without picture", "class folders", "outside the partitions", "encoding",
    }  # fmt: skip
    assert common - kinds.keys() == set()
    assert kinds["error"] < len(SEEDS) / 2
