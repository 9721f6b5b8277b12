"""Parser of metadata.jsonl and metadata.csv: the picture, captions and labels of each line."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from painting.data.captions import captions_in, read_text
from painting.data.issues import Issue
from painting.errors import DataError

CAPTION_FIELDS = ("captions", "caption", "text")


@dataclass(frozen=True)
class MetadataRow:
    """One line of a metadata file; `captions` is None where it has no caption field."""

    line: int
    name: str
    captions: tuple[str, ...] | None
    labels: dict[str, str]


def read_metadata(path: Path) -> tuple[list[MetadataRow], list[Issue]]:
    """The rows of a metadata file, and issues of the other lines; raises DataError where nothing can be read."""
    try:
        text, encoding = read_text(path)
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror}") from error
    rows: list[MetadataRow] = []
    issues: list[Issue] = []
    if encoding:
        issues.append(
            Issue(path.name, "encoding", f"is not UTF-8, read as {encoding}", "save it as UTF-8", skipped=False)
        )
    lines = _json_lines(text) if path.suffix == ".jsonl" else _csv_lines(text, path.name)
    for number, fields in lines:
        row = fields if isinstance(fields, str) else _row(number, fields)
        if isinstance(row, MetadataRow):
            rows.append(row)
        else:
            where = f"{path.name} line {number}"
            issues.append(Issue(where, "broken line", row, "the line is skipped", skipped=False))
    return rows, issues


def _row(number: int, fields: dict[str, object]) -> MetadataRow | str:
    name = fields.get("file_name")
    if not isinstance(name, str) or not name.strip():
        return "has no file_name"
    name = name.strip()
    refusal = _refusal(name)
    if refusal:
        return f"names the file '{name[:80]}', which {refusal}"
    captions: list[str] | None = None
    for field in CAPTION_FIELDS:
        if fields.get(field) is None:
            continue
        found = captions_in(fields[field])
        if found is None:
            return f"has something other than text in '{field}'"
        captions = [*(captions or []), *found]
    return MetadataRow(number, str(PurePosixPath(name)), None if captions is None else tuple(captions), _labels(fields))


def _refusal(name: str) -> str | None:
    """Why a file name is refused: names must stay inside the folder."""
    if "://" in name or name.lower().startswith("data:"):
        return "is a URL, not a file of this folder"
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
        return "is an absolute path; write it relative to the folder"
    if ".." in re.split(r"[/\\]", name):
        return "leaves the folder by '..'"
    if "\\" in name:
        return "has backslashes; use '/'"
    if not name.isprintable():
        return "holds control characters"
    return None


def _labels(fields: dict[str, object]) -> dict[str, str]:
    """Labels: further fields that hold a short text, an integer or a boolean."""
    labels = {}
    for field, value in fields.items():
        if field == "file_name" or field in CAPTION_FIELDS or not isinstance(value, str | int):
            continue
        text = " ".join(str(value).split())
        if text and len(text) <= 100 and text.isprintable():
            labels[field] = text
    return labels


def _json_lines(text: str) -> Iterator[tuple[int, dict[str, object] | str]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield number, f"is not JSON ({error})"
            continue
        yield number, fields if isinstance(fields, dict) else "is not a JSON object in { }"


def _csv_lines(text: str, name: str) -> Iterator[tuple[int, dict[str, object] | str]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [field.strip() for field in reader.fieldnames or []]
    except csv.Error as error:
        raise DataError(f"{name} cannot be read as CSV: {error}") from error
    if "file_name" not in header:
        raise DataError(f"{name} has no column 'file_name': its first line must name it, with commas between columns")
    reader.fieldnames = header
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield reader.line_num + 1, f"is not CSV ({error})"
            continue
        if None in fields:
            yield reader.line_num, 'has more fields than the first line; put "…" around texts that hold commas'
        else:
            yield reader.line_num, dict(fields)
