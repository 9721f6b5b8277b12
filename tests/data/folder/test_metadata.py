import json
from pathlib import Path

import pytest

from painting.cleaning import MAX_TEXT_LENGTH
from painting.data.folder.fields import MetadataRow
from painting.data.folder.metadata import governing_metadata, read_metadata
from painting.errors import DataError


def read(tmp_path: Path, content: str | bytes, name: str = "metadata.jsonl") -> tuple[list[MetadataRow], list[str]]:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    rows, issues = read_metadata(path, name)
    return rows, [str(issue) for issue in issues]


@pytest.mark.parametrize("field", ["caption", "captions", "text"])
def test_each_caption_field_counts(tmp_path: Path, field: str) -> None:
    rows, issues = read(tmp_path, json.dumps({"file_name": "./a.jpg", field: "a rose"}))
    assert (rows[0].name, rows[0].captions, issues) == ("a.jpg", ("a rose",), [])


def test_other_fields_become_labels(tmp_path: Path) -> None:
    line = '{"file_name": "a.jpg", "text": "x", "species": " wild  rose", "year": 1999, "box": [1], "score": 0.5}'
    rows, _ = read(tmp_path, line)
    assert rows[0].labels == {"species": "wild rose", "year": "1999"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"file_name": "a.jpg", ', "line 2: is not JSON"),
        ("[" * 100_000, "line 2: is not JSON"),
        ('["a.jpg"]', "line 2: is not a JSON object"),
        ('{"text": "a rose"}', "line 2: has no file_name"),
        ('{"file_name": 3}', "line 2: has no file_name"),
        ('{"file_name": "a.jpg", "caption": 7}', "line 2: has something other than text in 'caption'"),
        ('{"file_name": "/etc/a.jpg", "text": "x"}', "absolute path"),
        ('{"file_name": "C:\\\\a.jpg", "text": "x"}', "absolute path"),
        ('{"file_name": "b/../../a.jpg", "text": "x"}', "leaves the folder by '..'"),
        ('{"file_name": "..\\\\a.jpg", "text": "x"}', "leaves the folder by '..'"),
        ('{"file_name": "https://x.org/a.jpg", "text": "x"}', "a URL"),
        ('{"file_name": "data:image/png;base64,AA", "text": "x"}', "a URL"),
        ('{"file_name": "a\\u0000.jpg", "text": "x"}', "control characters"),
        ('{"file_name": "\\ud800.jpg", "text": "x"}', "control characters"),
    ],
)
def test_broken_lines_are_named_and_the_others_count(tmp_path: Path, line: str, reason: str) -> None:
    good = '{"file_name": "%s.jpg", "text": "a rose"}'
    rows, issues = read(tmp_path, "\n".join([good % "x", line, "", good % "y"]))
    assert [row.name for row in rows] == ["x.jpg", "y.jpg"]
    assert len(issues) == 1 and reason in issues[0] and "line 2" in issues[0]
    assert issues[0].endswith("the line is skipped") and issues[0].isprintable()


def test_csv_is_read_with_quotes_bom_and_line_numbers(tmp_path: Path) -> None:
    content = '\ufefffile_name,text,species\r\na.jpg,"a red, small\nrose",rose\r\nb.jpg,a, b,rose\r\nc.jpg,a tulip,\r\n'
    rows, issues = read(tmp_path, content, "metadata.csv")
    assert [(row.name, row.captions, row.labels) for row in rows] == [
        ("a.jpg", ("a red, small rose",), {"species": "rose"}),
        ("c.jpg", ("a tulip",), {}),
    ]
    assert len(issues) == 1 and "line 4" in issues[0] and "put" in issues[0]


@pytest.mark.parametrize("name", ["metadata.csv", "metadata.jsonl"])
def test_a_caption_of_any_length_is_read_and_cut(tmp_path: Path, name: str) -> None:
    caption = "a red rose " * 20_000
    line = {"file_name": "a.jpg", "caption": caption}
    content = f"file_name,caption\na.jpg,{caption}\n" if name.endswith("csv") else json.dumps(line)
    rows, issues = read(tmp_path, content, name)
    assert issues == [] and rows[0].captions == (caption[:MAX_TEXT_LENGTH].strip(),)


def test_latin_1_is_read_and_said(tmp_path: Path) -> None:
    rows, issues = read(tmp_path, "file_name,text\na.jpg,un café\n".encode("latin-1"), "metadata.csv")
    assert rows[0].captions == ("un café",)
    assert "not UTF-8" in issues[0]


def test_csv_without_file_names_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no column 'file_name'"):
        read(tmp_path, "number,text\n1,a rose\n", "metadata.csv")


def test_broken_quotes_in_csv_are_named(tmp_path: Path) -> None:
    rows, issues = read(tmp_path, 'file_name,text\na.jpg,"a" rose\nb.jpg,a tulip\n', "metadata.csv")
    assert [row.name for row in rows] == ["b.jpg"]
    assert "line 2: is not CSV" in issues[0]


SPREADSHEET = "file_name;caption\r\na.jpg;a red rose, close up\r\n"


@pytest.mark.parametrize(
    "content",
    [
        ("\ufeff" + SPREADSHEET).encode(),
        SPREADSHEET.replace(";", "\t").encode("utf-16"),
        SPREADSHEET.replace(";", "|").encode(),
        ("sep=;\r\n" + SPREADSHEET).encode(),
        b'file_name,caption\n"a.jpg","a red rose, close up"\n',
        b"caption\tfile_name\na red rose, close up\ta.jpg\n",
    ],
    ids=["semicolons", "tabs in UTF-16", "bars", "sep", "commas", "tabs"],
)
def test_csv_of_spreadsheets_is_read_whatever_its_delimiter(tmp_path: Path, content: bytes) -> None:
    rows, _ = read(tmp_path, content, "metadata.csv")
    assert [(row.name, row.captions) for row in rows] == [("a.jpg", ("a red rose, close up",))]


def test_too_many_fields_name_the_delimiter(tmp_path: Path) -> None:
    _, issues = read(tmp_path, "file_name;caption\na.jpg;a rose; red\n", "metadata.csv")
    assert 'put "…" around texts that hold semicolons' in issues[0]


def test_a_table_without_captions_is_named(tmp_path: Path) -> None:
    _, issues = read(tmp_path, "file_name,species\na.jpg,rose\n", "metadata.csv")
    assert "none of its columns is called caption, captions or text; rename the column" in issues[0]


def test_a_pointer_of_git_lfs_is_one_sentence_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"metadata.jsonl is a Git LFS pointer, .* run `git lfs pull`"):
        read(tmp_path, "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n")


def test_metadata_of_the_top_comes_before_all_and_jsonl_before_csv() -> None:
    chosen, issues = governing_metadata(["metadata.csv", "Metadata.JSONL", "a/metadata.csv"])
    assert chosen == {"": "Metadata.JSONL"}
    assert [issue.where for issue in issues] == ["metadata.csv", "a/metadata.csv"]


def test_without_one_at_the_top_each_folder_has_its_own() -> None:
    chosen, issues = governing_metadata(["a/metadata.csv", "b/metadata.jsonl", "a/c/metadata.csv"])
    assert chosen == {"a/": "a/metadata.csv", "b/": "b/metadata.jsonl"}
    assert [issue.where for issue in issues] == ["a/c/metadata.csv"]


def test_columns_of_one_name_are_all_read(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, "file_name,caption,caption,caption\na.jpg,a rose,a red rose,\n", "metadata.csv")
    assert rows[0].captions == ("a rose", "a red rose")
