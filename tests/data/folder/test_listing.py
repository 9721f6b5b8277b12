import json
import os
import shutil
from pathlib import Path

import pytest

from painting.data.folder.listing import Listing, read_folder
from painting.errors import DataError


def issue_texts(listing: Listing) -> list[str]:
    return [str(issue) for issue in listing.issues]


def metadata(folder: Path, *rows: dict[str, object]) -> None:
    with (folder / "metadata.jsonl").open("a") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def side_files(folder: Path) -> None:
    (folder / "metadata.jsonl").unlink()
    for name in "abc":
        (folder / f"{name}.txt").write_text(f"a flower {name}\n\na second caption\n")


def test_a_good_folder_is_listed_by_name(folder: Path) -> None:
    listing = read_folder(folder)
    assert [example.name for example in listing.examples] == ["a.png", "b.png", "c.png"]
    assert listing.examples[0].captions == ("a rose", "flower number a")
    assert listing.examples[2].labels == {"kind": "tulip"}
    assert (listing.convention, listing.source, listing.issues) == ("metadata.jsonl", "pictures", ())


def test_side_files_hold_one_caption_a_line(folder: Path) -> None:
    side_files(folder)
    listing = read_folder(folder)
    assert listing.examples[0].captions == ("a flower a", "a second caption")
    assert (listing.convention, listing.issues) == (".txt side files", ())


def test_csv_counts_where_there_is_no_jsonl(folder: Path) -> None:
    (folder / "metadata.jsonl").unlink()
    (folder / "metadata.csv").write_text("file_name,caption\nc.png,a tulip\n")
    listing = read_folder(folder)
    assert [example.captions for example in listing.examples] == [("a tulip",)]
    assert "a.png: is not named in metadata.csv; it is skipped" in issue_texts(listing)


def test_pictures_in_subfolders_count(folder: Path) -> None:
    (folder / "more" / "deep").mkdir(parents=True)
    shutil.copy(folder / "a.png", folder / "more" / "deep" / "d.png")
    metadata(folder, {"file_name": "more/deep/d.png", "text": "a deep rose"})
    assert read_folder(folder).examples[-1].name == "more/deep/d.png"


def test_jsonl_comes_first_and_the_rest_is_said_to_be_ignored(folder: Path) -> None:
    (folder / "metadata.csv").write_text("file_name,caption\na.png,another\n")
    (folder / "b.txt").write_text("yet another")
    listing = read_folder(folder)
    assert listing.examples[0].captions == ("a rose", "flower number a")
    assert any("metadata.csv: is ignored" in line for line in issue_texts(listing))
    assert any("b.txt: is ignored, since metadata.jsonl is there" in line for line in issue_texts(listing))
    assert listing.sources == ("metadata.jsonl",)
    assert not any(issue.skipped for issue in listing.issues)


def test_a_picture_without_a_caption_is_named(folder: Path) -> None:
    shutil.copy(folder / "a.png", folder / "d.png")
    shutil.copy(folder / "a.png", folder / "e.png")
    metadata(folder, {"file_name": "e.png", "caption": None})
    lines = issue_texts(read_folder(folder))
    assert "d.png: is not named in metadata.jsonl; it is skipped" in lines
    assert "e.png: has no caption in metadata.jsonl; it is skipped" in lines


def test_a_missing_side_file_is_named(folder: Path) -> None:
    side_files(folder)
    (folder / "b.txt").unlink()
    assert issue_texts(read_folder(folder)) == [
        "b.png: has no caption: there is no 'b.txt' or 'b.caption' beside it; it is skipped"
    ]


@pytest.mark.parametrize("empty", ["", " \t", []])
def test_an_empty_caption_is_named(folder: Path, empty: object) -> None:
    shutil.copy(folder / "a.png", folder / "d.png")
    metadata(folder, {"file_name": "d.png", "caption": empty})
    assert issue_texts(read_folder(folder)) == ["d.png: has an empty caption in metadata.jsonl; it is skipped"]


def test_an_empty_side_file_is_named(folder: Path) -> None:
    side_files(folder)
    (folder / "c.txt").write_text(" \n\n")
    assert issue_texts(read_folder(folder)) == ["c.png: has an empty caption in 'c.txt'; it is skipped"]


def test_captions_without_pictures_are_named_and_no_picture_counts_as_lost(folder: Path) -> None:
    metadata(folder, {"file_name": "gone.png", "caption": "a ghost"})
    listing = read_folder(folder)
    assert issue_texts(listing) == [
        "metadata.jsonl line 4: names 'gone.png', which is not a picture in this folder; the line is skipped"
    ]
    assert not listing.issues[0].skipped


def test_a_side_file_without_its_picture_is_named(folder: Path) -> None:
    side_files(folder)
    (folder / "gone.txt").write_text("a ghost")
    assert issue_texts(read_folder(folder)) == ["gone.txt: is a caption whose picture is missing; it is skipped"]


def test_a_side_file_in_latin_1_is_read_and_said(folder: Path) -> None:
    side_files(folder)
    (folder / "a.txt").write_bytes("une fleur fanée".encode("latin-1"))
    listing = read_folder(folder)
    assert listing.examples[0].captions == ("une fleur fanée",)
    assert issue_texts(listing) == ["a.txt: is not UTF-8, read as Windows-1252; save it as UTF-8"]


def test_a_picture_listed_twice_keeps_all_its_captions(folder: Path) -> None:
    metadata(folder, {"file_name": "a.png", "caption": "a second time", "kind": "other"})
    listing = read_folder(folder)
    assert listing.examples[0].captions == ("a rose", "flower number a", "a second time")
    assert listing.examples[0].labels == {"kind": "rose"}
    assert "line 4: names 'a.png' again; captions are joined" in issue_texts(listing)[0]


def test_unsupported_formats_are_named(folder: Path) -> None:
    (folder / "phone.heic").write_bytes(b"x")
    metadata(folder, {"file_name": "phone.heic", "caption": "a rose"})
    assert [line.split(" (")[0] for line in issue_texts(read_folder(folder))] == [
        "phone.heic: has an unsupported format"
    ]


def test_links_out_of_the_folder_are_refused_and_links_inside_are_not(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    shutil.copy(folder / "a.png", outside / "secret.png")
    (folder / "d.png").symlink_to(outside / "secret.png")
    (folder / "e.png").symlink_to(folder / "a.png")
    (folder / "f.png").symlink_to(folder / "nowhere.png")
    (folder / "way-out").symlink_to(outside)
    names = ("d.png", "e.png", "f.png", "way-out/secret.png")
    for name in names:
        metadata(folder, {"file_name": name, "caption": "x"})
    listing = read_folder(folder)
    assert [example.name for example in listing.examples] == ["a.png", "b.png", "c.png", "e.png"]
    output = "\n".join(issue_texts(listing))
    assert "d.png: is a link to a file outside the folder; it is skipped" in output
    assert "f.png: is a broken link; it is skipped" in output
    assert "names 'way-out/secret.png', which is not a picture in this folder" in output


def test_a_pipe_named_like_a_picture_does_not_block(folder: Path) -> None:
    os.mkfifo(folder / "pipe.png")
    assert issue_texts(read_folder(folder)) == ["pipe.png: is not a regular file; it is skipped"]


def test_names_that_are_no_text_are_survived(folder: Path) -> None:
    side_files(folder)
    odd = os.fsdecode(b"ros\xe9")
    shutil.copy(folder / "a.png", folder / f"{odd}.png")
    (folder / f"{odd}.txt").write_text("an odd rose")
    (folder / f"{odd}2.txt").write_text("an odd ghost")
    listing = read_folder(folder)
    assert len(listing.examples) == 4
    assert all(line.encode("utf-8") for line in issue_texts(listing))


def test_metadata_in_a_subfolder_counts_for_its_pictures(folder: Path) -> None:
    (folder.parent / "more").mkdir()
    shutil.copy(folder / "a.png", folder.parent / "more" / "d.png")
    (folder.parent / "more" / "d.txt").write_text("a flower beside its text")
    listing = read_folder(folder.parent)
    assert [example.name for example in listing.examples] == [
        "more/d.png", "pictures/a.png", "pictures/b.png", "pictures/c.png",
    ]  # fmt: skip
    assert listing.convention == "pictures/metadata.jsonl, .txt side files"


def test_no_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is not a folder"):
        read_folder(tmp_path / "nowhere")


@pytest.mark.parametrize("suffix", [".jfif", ".JFIF", ".jpe", ".pjpeg", ".JPG", ".webp", ".Png"])
def test_pictures_by_other_names_are_pictures(folder: Path, suffix: str) -> None:
    side_files(folder)
    (folder / "a.png").rename(folder / f"a{suffix}")
    listing = read_folder(folder)
    assert (listing.examples[0].name, listing.issues) == (f"a{suffix}", ())


def test_accents_are_composed_or_not_in_metadata_and_beside_pictures(folder: Path) -> None:
    shutil.copy(folder / "a.png", folder / "rose\u0301.png")
    metadata(folder, {"file_name": "ros\u00e9.png", "caption": "a pink rose"})
    assert read_folder(folder).examples[-1].captions == ("a pink rose",)
    side_files(folder)
    (folder / "ros\u00e9.txt").write_text("a rosé rose")
    assert read_folder(folder).examples[-1].captions == ("a rosé rose",)
    assert read_folder(folder).issues == ()


def test_metadata_without_the_folders_of_its_pictures_finds_them(folder: Path) -> None:
    (folder / "images").mkdir()
    for name in "abc":
        (folder / f"{name}.png").rename(folder / "images" / f"{name}.png")
    assert len(read_folder(folder).examples) == 3


def test_class_folders_are_captions_only_where_there_are_no_others(folder: Path) -> None:
    (folder / "metadata.jsonl").unlink()
    for name, kind in (("a", "red_roses"), ("b", "red_roses"), ("c", "tulips")):
        (folder / kind).mkdir(exist_ok=True)
        (folder / f"{name}.png").rename(folder / kind / f"{name}.png")
    listing = read_folder(folder)
    assert [(example.captions, example.labels) for example in listing.examples] == [
        (("red roses",), {"class": "red roses"}),
        (("red roses",), {"class": "red roses"}),
        (("tulips",), {"class": "tulips"}),
    ]
    assert "the names of its 2 folders are used as captions" in issue_texts(listing)[0]
    (folder / "red_roses" / "a.txt").write_text("a rose")
    assert [example.name for example in read_folder(folder).examples] == ["red_roses/a.png"]


def test_folders_named_by_numbers_are_named_with_the_cure(folder: Path) -> None:
    (folder / "metadata.jsonl").unlink()
    for name in "abc":
        (folder / str(ord(name))).mkdir()
        (folder / f"{name}.png").rename(folder / str(ord(name)) / "1.png")
    assert (
        "the names of its folders are no words for what they show; rename those" in issue_texts(read_folder(folder))[0]
    )
