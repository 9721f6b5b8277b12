"""What becomes of each picture file of a set: a row of its own, a share in a duplicate's, or none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from painting.data.decode import BadPicture, decode
from painting.data.folder import Example
from painting.data.issues import Problem


@dataclass(frozen=True)
class Fate:
    """What became of one file: the row of its picture, and why it has none of its own if so."""

    row: int | None
    kind: str = ""
    what: str = ""
    duplicate_of: int | None = None
    side: int = 0
    """The shorter side of the original in px."""


def fates_of(files: Sequence[Path]) -> Iterator[tuple[Fate, Image.Image | None]]:
    """Decodes the files one after another; gives the picture of each that gets a row of its own."""
    rows: dict[str, int] = {}
    first_file: dict[str, int] = {}
    for index, path in enumerate(files):
        try:
            picture = decode(path)
        except BadPicture as bad:
            yield Fate(None, bad.kind, bad.what), None
            continue
        pixels = hashlib.sha256(repr(picture.size).encode() + picture.tobytes()).hexdigest()
        if pixels in rows:
            yield Fate(rows[pixels], "duplicate", "shows the same pixels as", first_file[pixels]), None
            continue
        rows[pixels], first_file[pixels] = len(rows), index
        yield Fate(rows[pixels], side=min(picture.size)), picture


def match_fates(examples: Sequence[Example], fates: Sequence[Fate], size: int) -> tuple[list[Example], list[Problem]]:
    """One example for each row, in order, with its duplicates' captions; and what was wrong with the files.

    `size` is the training's picture size in px: smaller originals are named.
    """
    by_row: dict[int, Example] = {}
    problems = []
    for example, fate in zip(examples, fates, strict=True):
        if fate.row is None:
            problems.append(Problem(example.name, fate.kind, fate.what, "it is skipped"))
        elif fate.duplicate_of is not None:
            first = by_row[fate.row]
            by_row[fate.row] = replace(first, captions=tuple(dict.fromkeys(first.captions + example.captions)))
            what = f"{fate.what} '{first.name}'"
            problems.append(Problem(example.name, fate.kind, what, "it is skipped and its captions go to that one"))
        else:
            by_row[fate.row] = example
            if fate.side < size:
                what = f"is small: its shorter side has {fate.side} px, training asks for {size}"
                problems.append(Problem(example.name, "small", what, "it is enlarged", skipped=False))
    return list(by_row.values()), problems
