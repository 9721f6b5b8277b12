import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.data.conftest import noise_picture

from painting.data.check import CheckResult, check_folder, issue_lines
from painting.data.issues import Issue
from painting.data.prepared import PicturesHidden, prepare

AddPicture = Callable[[str, bytes | Image.Image], Path]


def lines(result: CheckResult) -> str:
    return "\n".join([*issue_lines(result.issues), *result.summary()])


def test_a_good_folder_is_summed_up(folder: Path, encoder: Any) -> None:
    result = check_folder(folder, 24, encoder)
    assert (result.issues, result.unusable) == ((), None)
    assert result.summary() == [
        "files: 4 = 3 usable pictures + 1 with captions, labels or a split + 0 not used",
        "captions from: metadata.jsonl",
        "usable pictures: 3 (skipped: 0)",
        "learned at: 64 px, without a preset",
        "square crop: cuts off at most 20% of a picture's longer side",
        "captions: 6, of them different: 5",
        "words in a caption: 2 to 3, median 2.5",
        "captions longer than the text encoder reads: 0",
        "label kind: rose 2, tulip 1",
    ]


def test_captions_in_other_languages_are_counted(folder: Path, add_picture: AddPicture, encoder: Any) -> None:
    """The encoder of these tests has a vocabulary of its own, so that the captions are usable."""
    for name, caption in (("d", "красная rose"), ("e", "eine rote rose"), ("f", "红色 rose")):
        add_picture(f"{name}.png", Image.new("RGB", (30, 30), len(caption)))
        with (folder / "metadata.jsonl").open("a") as metadata:
            metadata.write(json.dumps({"file_name": f"{name}.png", "captions": [caption]}) + "\n")
    report = lines(check_folder(folder, 24, encoder))
    assert "captions in another language or script: 3\n  the text encoder reads English: translate these" in report


@pytest.mark.parametrize(
    ("content", "kind", "sentence"),
    [
        (b"broken", "unreadable", "d.png: is not a picture in a format that is read here; it is skipped"),
        (b"", "unreadable", "d.png: is an empty file; it is skipped"),
        (None, "truncated", "d.png: is truncated or damaged: its picture cannot be decoded to the end; it is skipped"),
        (
            Image.new("RGB", (12, 40)),
            "too small",
            "d.png: is only 12×40 px, below the minimum side of 16 px; it is skipped",
        ),
        (
            Image.new("RGB", (20, 40)),
            "small",
            "d.png: is small: its shorter side has 20 px, training uses 24; it is enlarged",
        ),
    ],
)
def test_each_kind_of_bad_picture_is_named(
    folder: Path, add_picture: AddPicture, encoder: Any, content: bytes | Image.Image | None, kind: str, sentence: str
) -> None:
    add_picture("d.png", (folder / "a.png").read_bytes()[:1500] if content is None else content)
    result = check_folder(folder, 24, encoder)
    assert [(issue.kind, str(issue)) for issue in result.issues] == [(kind, sentence)]
    assert result.unusable is None and len(result.examples) == (4 if kind == "small" else 3)


def test_a_decompression_bomb_is_named_and_not_decoded(folder: Path, add_picture: AddPicture, encoder: Any) -> None:
    path = add_picture("d.bmp", Image.new("1", (16, 16)))
    content = bytearray(path.read_bytes())
    content[18:26] = (50_000).to_bytes(4, "little") * 2
    path.write_bytes(content)
    output = lines(check_folder(folder, 24, encoder))
    assert "d.bmp: has far too many pixels, more than the 64 million allowed; it is skipped" in output


def test_duplicates_are_named_with_their_first(folder: Path, add_picture: AddPicture, encoder: Any) -> None:
    add_picture("d.bmp", Image.open(folder / "b.png"))
    assert "d.bmp: shows the same pixels as 'b.png'; it is skipped and its captions go to that one" in lines(
        check_folder(folder, 24, encoder)
    )


def test_issues_of_names_and_captions_are_reported_too(folder: Path, encoder: Any) -> None:
    with (folder / "metadata.jsonl").open("a") as file:
        for name in ("gone.png", "../out.png", "https://x.org/a.png"):
            file.write(json.dumps({"file_name": name, "caption": "x"}) + "\n")
    Image.new("RGB", (30, 30)).save(folder / "bare.png")
    output = lines(check_folder(folder, 24, encoder))
    assert "line 4: names 'gone.png', which is not a picture in this folder; the line is skipped" in output
    assert "line 5: names the file '../out.png', which leaves the folder by '..'" in output
    assert "line 6: names the file 'https://x.org/a.png', which is a URL" in output
    assert "bare.png: is not named in metadata.jsonl; it is skipped" in output
    assert "usable pictures: 3 (skipped: 1)" in output


def test_long_captions_are_counted(folder: Path, encoder: Any) -> None:
    row = {"file_name": "a.png", "caption": "a very " + "very " * 30 + "red rose"}
    (folder / "metadata.jsonl").write_text(json.dumps(row))
    output = lines(check_folder(folder, 24, encoder))
    assert "captions longer than the text encoder reads: 1" in output
    assert "labels: none" in output and "is measured by labels: add columns to a metadata.csv (docs/data.md)" in output


def test_pictures_that_metadata_hide_are_counted_with_the_cure(folder: Path, encoder: Any) -> None:
    (folder / "metadata.jsonl").write_text(json.dumps({"file_name": "a.png", "caption": "a red rose"}))
    for name in ("a.txt", "b.txt", "c.caption"):
        (folder / name).write_text("a rose")
    message = (
        "metadata.jsonl: does not name 2 of 3 pictures that have text files, which are not read beside it; those "
        "pictures are skipped; add them to it, or move it out of the folder to read all text files"
    )
    assert f"usable pictures: 1 (skipped: 2)\n  {message}" in lines(check_folder(folder, 24, encoder))
    with pytest.warns(PicturesHidden) as caught:
        prepare(folder, 24, 1, encoder, folder.parent / "cache")
    assert [str(warning.message) for warning in caught] == [message]


def test_nothing_usable_is_said_in_one_sentence(folder: Path, encoder: Any) -> None:
    (folder / "metadata.jsonl").write_text("")
    result = check_folder(folder, 24, encoder)
    assert result.unusable and "no usable captioned picture (found: 3× no caption)" in result.unusable


def test_checking_writes_nothing(folder: Path, add_picture: AddPicture, encoder: Any) -> None:
    add_picture("d.png", b"broken")
    before = {path: path.stat().st_mtime_ns for path in folder.parent.rglob("*")}
    check_folder(folder, 24, encoder)
    assert {path: path.stat().st_mtime_ns for path in folder.parent.rglob("*")} == before


def test_long_lists_are_cut_and_counted() -> None:
    issues = [Issue(f"{index:03}.jpg", "truncated", "is truncated", "it is skipped") for index in range(50)]
    assert len(issue_lines(issues)) == 22 and issue_lines(issues)[-1] == "  … and 30 more"
    assert len(issue_lines(issues, at_most=None)) == 51


@pytest.mark.parametrize("inside", ["", "metadata.csv"])
def test_a_folder_divided_by_folders_is_checked_as_it_is_trained_on(tmp_path: Path, encoder: Any, inside: str) -> None:
    for part, names in (("train", "abcd"), ("test", "ef")):
        (tmp_path / part).mkdir()
        for name in names:
            noise_picture(ord(name)).save(tmp_path / part / f"{name}.png")
            if not inside:
                (tmp_path / part / f"{name}.txt").write_text(f"a flower {name}")
        if inside:
            rows = "".join(f"{name}.png,a flower {name}\n" for name in names)
            (tmp_path / part / inside).write_text(f"file_name,caption\n{rows}")
    (tmp_path / "test" / "e.png").write_bytes(b"broken")
    result = check_folder(tmp_path, 24, encoder)
    assert result.unusable is None
    assert [issue.where for issue in result.issues] == ["test/e.png"]
    assert {part: len(examples) for part, examples in result.partitions.items()} == {"train": 4, "test": 1}
    assert "divided by its folders train and test: 4 train, 1 test" in result.summary()


def test_a_training_picture_among_the_test_pictures_is_named(tmp_path: Path, encoder: Any) -> None:
    for part, end in (("train", "png"), ("test", "bmp")):
        (tmp_path / part).mkdir()
        noise_picture(0).save(tmp_path / part / f"a.{end}")
        (tmp_path / part / "a.txt").write_text("a flower")
    (issue,) = check_folder(tmp_path, 24, encoder).issues
    assert "test/a.bmp: shows the same pixels as the training picture 'train/a.png'" in str(issue)


def test_pictures_that_lose_much_to_the_square_are_counted(folder: Path, add_picture: AddPicture, encoder: Any) -> None:
    add_picture("wide.png", noise_picture(8, (100, 60)))
    add_picture("tall.png", noise_picture(9, (60, 100)))
    summary = check_folder(folder, 24, encoder).summary()
    assert "square crop: 2 of 5 pictures lose more than a third of their longer side" in summary
