"""Parser of metadata.jsonl, metadata.csv and metadata.tsv: the picture, captions and labels of each line."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from painting.data.captions import read_text
from painting.data.folder.fields import MetadataRow, file_field, metadata_row, partition_field
from painting.data.folder.partition_names import partition_named
from painting.data.issues import Issue, printable, remark, unused_file
from painting.data.placeholder import placeholder_reason
from painting.errors import DataError

METADATA_FILES = ("metadata.jsonl", "metadata.csv", "metadata.tsv")
"""In the order of precedence; their names may be in any case."""
_SEPARATOR_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_Line = tuple[int, dict[str, object] | str]
"""A line's number, and its fields or why it is broken."""


def is_metadata(name: str) -> bool:
    """Whether a file has the name of a metadata file, in any folder and any case."""
    return PurePosixPath(name).name.lower() in METADATA_FILES


def governing_metadata(names: Iterable[str]) -> tuple[dict[str, str], list[Issue]]:
    """Folder ("", or "roses/") → the metadata file that is read for all pictures in and below it; and the others.

    One of a folder above comes first, so that one at the top is the only one; in one folder the order of METADATA_FILES
    counts.
    """
    by_folder: dict[str, list[str]] = defaultdict(list)
    for name in names:
        by_folder[name.removesuffix(PurePosixPath(name).name)].append(name)
    chosen: dict[str, str] = {}
    issues = []
    for folder, candidates in sorted(by_folder.items()):  # a folder comes before those inside it
        above = next((chosen[other] for other in chosen if folder.startswith(other)), None)
        if above is None:
            candidates.sort(key=lambda name: (METADATA_FILES.index(PurePosixPath(name).name.lower()), name))
            above = chosen[folder] = candidates.pop(0)
        for name in candidates:
            issues.append(
                unused_file(name, "mixed conventions", f"is ignored, since {above} is there", f"only {above} is read")
            )
    return chosen, issues


def read_metadata(path: Path, name: str) -> tuple[list[MetadataRow], list[Issue]]:
    """The rows of a metadata file, and issues of the other lines; `name` is the file's name in the issues.

    Raises DataError where nothing can be read.
    """
    try:
        reason = placeholder_reason(path)
        text, encoding = read_text(path)
    except OSError as error:
        raise DataError(f"{printable(name)} cannot be read: {error.strerror}") from error
    if reason:
        raise DataError(f"{printable(name)} {reason}")
    issues = [remark(name, "encoding", f"is not UTF-8, read as {encoding}", "save it as UTF-8")] if encoding else []
    lines = list(_json_lines(text) if path.suffix.lower() == ".jsonl" else _csv_lines(text, printable(name)))
    field = partition_field(fields for _, fields in lines if isinstance(fields, dict))
    rows: list[MetadataRow] = []
    for number, fields in lines:
        row = fields if isinstance(fields, str) else metadata_row(number, fields, field)
        if isinstance(row, MetadataRow):
            rows.append(row)
        else:
            issues.append(remark(f"{name} line {number}", "broken line", row, "the line is skipped"))
    if field:
        issues += _unknown_partitions(name, lines, field)
    if rows and all(row.captions is None for row in rows):
        message = "has no captions: none of its columns is called caption, captions or text"
        issues.append(remark(name, "no caption column", message, "rename the column that holds them"))
    return rows, issues


def _unknown_partitions(name: str, lines: list[_Line], field: str) -> list[Issue]:
    """An issue of the values of the partition's field that name none."""
    values = [str(fields.get(field) or "") for _, fields in lines if isinstance(fields, dict)]
    unknown = sorted({value for value in values if value.strip() and partition_named(value) is None})
    if not unknown:
        return []
    message = f"has '{unknown[0][:40]}' in '{field}', which names no partition"
    if len(unknown) > 1:
        message += f" ({len(unknown)} such values)"
    return [
        remark(name, "unknown partition", message, "its pictures are training data; write train, test or validation")
    ]


def _json_lines(text: str) -> Iterator[_Line]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield number, f"is not JSON ({error})"
            continue
        yield number, fields if isinstance(fields, dict) else "is not a JSON object in { }"


def _csv_lines(text: str, name: str) -> Iterator[_Line]:
    delimiter = _delimiter(text, name)
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))  # a long caption is cut, as in other files
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    if text.startswith("sep="):  # a line by which spreadsheets know the delimiter
        next(reader.reader)
    reader.fieldnames = _distinct([field.strip() for field in reader.fieldnames or []])
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield reader.line_num + 1, f"is not CSV ({error})"
            continue
        if None in fields:
            message = (
                f'has more fields than the first line; put "…" around texts that hold {_SEPARATOR_NAMES[delimiter]}'
            )
            yield reader.line_num, message
        else:
            yield reader.line_num, dict(fields)


def _distinct(columns: list[str]) -> list[str]:
    """Names of columns, a repeated one with its number: caption, caption_2."""
    return [
        name if name not in columns[:at] else f"{name}_{columns[: at + 1].count(name)}"
        for at, name in enumerate(columns)
    ]


def _delimiter(text: str, name: str) -> str:
    """The delimiter by which the first line names a column of file names; raises DataError where none does."""
    first, _, second = text.partition("\n")
    header = second.partition("\n")[0] if first.startswith("sep=") else first
    try:
        columns = {each: next(csv.reader([header.strip("\r\n")], delimiter=each), []) for each in _SEPARATOR_NAMES}
    except csv.Error as error:
        raise DataError(f"{name} cannot be read as CSV: {error}") from error
    fitting = [delimiter for delimiter in _SEPARATOR_NAMES if file_field(columns[delimiter])]
    if not fitting:
        raise DataError(
            f"{name} has no column 'file_name': its first line must name the columns, such as file_name,caption, and "
            f"it is '{printable(header.strip())[:60]}'"
        )
    return max(fitting, key=lambda delimiter: len(columns[delimiter]))
