"""Fields of a metadata line: which holds the picture's file name, which captions, which the partition, which labels."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from painting.cleaning import clean_text
from painting.data.captions import captions_in
from painting.data.folder.names import UNDECODED_BYTE
from painting.data.folder.partition_names import HELD_OUT_PARTITIONS, Partition, partition_named

FILE_FIELDS = (
    "file_name", "filename", "file", "image", "img", "picture", "photo", "path",
    "file_path", "filepath", "image_path", "img_path", "image_file", "image_name",
)  # fmt: skip
CAPTION_FIELDS = ("captions", "caption", "text")
OTHER_CAPTION_FIELDS = (
    "texts", "prompt", "prompts", "description", "descriptions", "sentence", "sentences", "alt_text", "alt",
)  # fmt: skip
"""Of other tools; read where a line has none of CAPTION_FIELDS, and labels otherwise."""
PARTITION_FIELDS = ("split", "partition")
_NUMBERED_CAPTION = re.compile(r"(?:caption|text|prompt|description|sentence)_?\d+")
_MAX_LIST_LENGTH = 100_000
_MAX_LABEL_LENGTH = 100


@dataclass(frozen=True)
class MetadataRow:
    """One line of a metadata file; `captions` is None where it has no caption field."""

    line: int
    name: str
    captions: tuple[str, ...] | None
    labels: dict[str, str]
    partition: Partition | None = None


def file_field(fields: Iterable[str]) -> str | None:
    """The field that names the picture's file, of a line's or table's fields; None: there is none."""
    return _first(FILE_FIELDS, fields)


def partition_field(lines: Iterable[Mapping[str, object]]) -> str | None:
    """The field that names each picture's partition; None where none names a held-out partition in any line."""
    for line in lines:
        field = _first(PARTITION_FIELDS, line)
        if field and partition_named(str(line[field])) in HELD_OUT_PARTITIONS:
            return field
    return None


def metadata_row(line: int, fields: Mapping[str, object], partition: str | None) -> MetadataRow | str:
    """The row of a line's fields, or why there is none; `partition` is the field that names its partition."""
    file = file_field(field for field, value in fields.items() if isinstance(value, str) and value.strip())
    if file is None:
        return "has no file_name"
    name = str(fields[file]).strip()
    refusal = _refusal(name)
    if refusal:
        return f"names the file '{name[:80]}', which {refusal}"
    texts = _caption_fields(fields)
    captions: list[str] | None = None
    for field in texts:
        found = captions_in(_unpacked(fields[field]))
        if found is None:
            return f"has something other than text in '{field}'"
        captions = [*(captions or []), *found]
    labels = _labels({field: value for field, value in fields.items() if field not in {file, partition, *texts}})
    held_out = partition_named(str(fields.get(partition) or "")) if partition else None
    return MetadataRow(line, str(PurePosixPath(name)), None if captions is None else tuple(captions), labels, held_out)


def _first(names: Sequence[str], fields: Iterable[str]) -> str | None:
    """The field with the first of these names, in any case and with spaces or hyphens for underscores."""
    by_name: dict[str, str] = {}
    for field in fields:
        by_name.setdefault(_normalized(field), field)
    return next((by_name[name] for name in names if name in by_name), None)


def _normalized(field: str) -> str:
    return re.sub(r"[\s-]+", "_", field.strip().lower())


def _caption_fields(fields: Mapping[str, object]) -> list[str]:
    """The fields with captions that are not null, CAPTION_FIELDS in their order first."""
    present = {_normalized(field): field for field, value in fields.items() if value is not None}
    chosen = [present[name] for name in CAPTION_FIELDS if name in present]
    chosen += [present[name] for name in sorted(present) if _NUMBERED_CAPTION.fullmatch(name)]
    return chosen or [present[name] for name in OTHER_CAPTION_FIELDS if name in present][:1]


def _unpacked(value: object) -> object:
    """A list that is written as text, in JSON or as Python and NumPy print it, as a list; all else as it is."""
    if not isinstance(value, str) or not 4 <= len(value) <= _MAX_LIST_LENGTH or value.strip()[:1] != "[":
        return value
    with_commas = re.sub(r"(?<=['\"])\s+(?=['\"])", ", ", value.strip())  # NumPy prints none
    for parse in (json.loads, ast.literal_eval):
        try:
            parsed = parse(with_commas)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(parsed, list) and parsed and all(isinstance(text, str) for text in parsed):
            return parsed
    return value


def _refusal(name: str) -> str | None:
    """Why a file name is refused: names must stay inside the folder."""
    if "://" in name or name.lower().startswith("data:"):
        return "is a URL, not a file of this folder"
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
        return "is an absolute path; write it relative to the folder"
    if ".." in re.split(r"[/\\]", name):
        return "leaves the folder by '..'"
    if not UNDECODED_BYTE.sub("", name).isprintable():
        return "holds control characters"
    return None


def _labels(fields: Mapping[str, object]) -> dict[str, str]:
    """Labels: further fields that hold a short text, an integer or a boolean, cleaned as captions are."""
    labels = {}
    for field, value in fields.items():
        if not isinstance(value, str | int):
            continue
        text = clean_text(str(value)).text
        if text and len(text) <= _MAX_LABEL_LENGTH:
            labels[field] = text
    return labels
