from pathlib import Path

import pytest

from painting.data.captions import captions_in, informative_words, read_text


def test_a_field_holds_one_caption_or_several() -> None:
    assert captions_in("a rose") == ("a rose",)
    assert captions_in(["a rose", " a  rose", "a ro\u200bse", "\u200b", "a flower"]) == ("a rose", "a flower")
    assert captions_in("  ") == ()


def test_captions_are_read_as_prompts_are() -> None:
    written = r"saber \(fate\), (red:1.3) rose <lora:x:1> Negative prompt: blurry"
    assert captions_in([written, "a rose [sic]", "a lily (white) at 12:30"]) == (
        "saber (fate), red rose",
        "a rose sic",
        "a lily (white) at 12:30",
    )


@pytest.mark.parametrize("value", [3, None, {"a": "rose"}, ["a rose", 3]])
def test_a_field_of_anything_else_holds_none(value: object) -> None:
    assert captions_in(value) is None


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("café".encode(), None),
        (b"\xef\xbb\xbf" + "café".encode(), None),
        ("café".encode("latin-1"), "Windows-1252"),
        ("café".encode("utf-16"), "UTF-16"),
    ],
)
def test_text_files_are_read_in_whatever_encoding(tmp_path: Path, content: bytes, encoding: str | None) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    assert read_text(path) == ("café", encoding)


def test_informative_words_are_neither_everywhere_nor_rare() -> None:
    captions = [["a photo of a flower with red petals"]] * 50 + [["a flower with leaves"]] * 149 + [["odd"]]
    captions[100:110] = [["a wide flower"]] * 10
    assert informative_words(captions) == ("petals", "red", "wide")
    assert informative_words(captions, at_most=1) == ("petals",)
