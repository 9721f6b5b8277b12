"""Decode and deduplicate picture files by the hash of their pixels."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from painting.data.decoding.decode import BadPicture, decode
from painting.data.folder.listing import Example
from painting.data.issues import Issue


@dataclass(frozen=True)
class FileOutcome:
    """Outcome of one file: the row of its picture, shared with a duplicate or none, and why."""

    row: int | None
    kind: str = ""
    message: str = ""
    duplicate_of: int | None = None
    side: int = 0
    """The shorter side of the original in px."""


def deduplicate(files: Sequence[Path]) -> Iterator[tuple[FileOutcome, Image.Image | None]]:
    """Decode the files one after another; yields each outcome, and the picture of a file that gets a row of its own."""
    rows: dict[str, int] = {}
    first_file: dict[str, int] = {}
    for index, path in enumerate(files):
        try:
            picture = decode(path)
        except BadPicture as bad:
            yield FileOutcome(None, bad.kind, bad.message), None
            continue
        pixels = hashlib.sha256(repr(picture.size).encode() + picture.tobytes()).hexdigest()
        if pixels in rows:
            yield FileOutcome(rows[pixels], "duplicate", "shows the same pixels as", first_file[pixels]), None
            continue
        rows[pixels], first_file[pixels] = len(rows), index
        yield FileOutcome(rows[pixels], side=min(picture.size)), picture


def merge_duplicates(
    examples: Sequence[Example], outcomes: Sequence[FileOutcome], size: int
) -> tuple[list[Example], list[Issue]]:
    """Merge duplicates: one example for each row, in order, with the captions of its duplicates; and the files' issues.

    `size` is the training's picture size in px: a smaller original is an issue.
    """
    by_row: dict[int, Example] = {}
    issues = []
    for example, outcome in zip(examples, outcomes, strict=True):
        if outcome.row is None:
            issues.append(Issue(example.name, outcome.kind, outcome.message, "it is skipped"))
        elif outcome.duplicate_of is not None:
            first = by_row[outcome.row]
            by_row[outcome.row] = replace(first, captions=tuple(dict.fromkeys(first.captions + example.captions)))
            message = f"{outcome.message} '{first.name}'"
            issues.append(Issue(example.name, outcome.kind, message, "it is skipped and its captions go to that one"))
        else:
            by_row[outcome.row] = example
            if outcome.side < size:
                message = f"is small: its shorter side has {outcome.side} px, training uses {size}"
                issues.append(Issue(example.name, "small", message, "it is enlarged", skipped=False))
    return list(by_row.values()), issues
