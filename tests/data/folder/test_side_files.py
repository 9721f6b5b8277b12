from pathlib import Path

import pytest

from painting.data.folder.side_files import read_side_files


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"a flower in {name}")


@pytest.mark.parametrize(
    ("picture", "text"),
    [
        ("a.jpg", "a.txt"),
        ("a.jpg", "a.TXT"),
        ("a.JPG", "A.txt"),
        ("a.jpg", "a.caption"),
        ("a.jpg", "a.jpg.txt"),
        ("roses/a.jpg", "roses/a.txt"),
        ("images/a.jpg", "captions/a.txt"),
        ("images/roses/a.jpg", "captions/roses/a.txt"),
        ("a.jpg", "captions/a.txt"),
        ("images/a.jpg", "captions/a.jpg.txt"),
        ("jpg/a.jpg", "text/class_1/a.txt"),
    ],
)
def test_text_files_of_other_tools_are_found(tmp_path: Path, picture: str, text: str) -> None:
    write(tmp_path, text)
    found = read_side_files(tmp_path, [picture, "images/other.jpg"], [text])
    assert found.sources == {picture: text}
    assert found.captions == {text: (f"a flower in {text}",)}


@pytest.mark.parametrize(
    ("pictures", "texts"),
    [
        (["one/a.jpg", "two/a.jpg"], ["captions/a.txt"]),
        (["images/a.jpg"], ["captions/a.txt", "more/a.txt"]),
        (["a.jpg"], ["b.txt"]),
    ],
)
def test_a_text_that_may_belong_to_several_pictures_belongs_to_none(
    tmp_path: Path, pictures: list[str], texts: list[str]
) -> None:
    write(tmp_path, *texts)
    found = read_side_files(tmp_path, pictures, texts)
    assert found.sources == {}
    assert [(issue.where, issue.kind) for issue in found.issues] == [(t, "caption without picture") for t in texts]


def test_the_text_beside_a_picture_comes_first(tmp_path: Path) -> None:
    write(tmp_path, "images/a.txt", "images/a.caption", "captions/a.txt")
    found = read_side_files(tmp_path, ["images/a.jpg"], ["images/a.txt", "images/a.caption", "captions/a.txt"])
    assert found.sources == {"images/a.jpg": "images/a.txt"}
    assert [issue.where for issue in found.issues] == ["captions/a.txt", "images/a.caption"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("0 0.51 0.42 0.3 0.2\n1 0.5 0.5 1 1\n", "has boxes instead of a caption in 'a.txt'"),
        (" \n", "has an empty caption in 'a.txt'"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "'a.txt' is a Git LFS pointer"),
    ],
)
def test_a_text_without_a_caption_says_why(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "a.txt").write_text(content)
    found = read_side_files(tmp_path, ["a.jpg"], ["a.txt"])
    assert found.captions == {"a.txt": ()}
    assert reason in found.reasons["a.txt"]


def test_the_text_of_a_skipped_picture_is_named_with_it_unless_another_uses_it(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "b.txt")
    found = read_side_files(tmp_path, ["a.jpg"], ["a.txt", "b.txt"], ["a.heic", "b.png", "b.heic"])
    assert found.sources == {"a.jpg": "a.txt"}
    assert [str(issue) for issue in found.issues] == ["b.txt: is the caption of 'b.heic'; it is skipped as well"]


def test_a_number_is_a_caption(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("7\n")
    assert read_side_files(tmp_path, ["a.jpg"], ["a.txt"]).captions == {"a.txt": ("7",)}


def test_a_table_of_captions_in_a_text_file_is_named_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "captions.txt").write_text("image,caption\na.jpg,a red rose\nb.jpg,a white rose\n")
    (issue,) = read_side_files(tmp_path, ["images/a.jpg", "images/b.jpg"], ["captions.txt"]).issues
    assert "lists pictures; it is ignored; save it as metadata.csv" in str(issue)
