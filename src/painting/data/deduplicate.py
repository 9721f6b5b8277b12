"""Decode and deduplicate picture files by the hash of their pixels."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from painting.data.decoding.decode import decode
from painting.data.decoding.upright_srgb import BadPicture, DecodedPicture, Remark
from painting.data.folder.listing import Example
from painting.data.issues import Issue, remark


@dataclass(frozen=True)
class FileOutcome:
    """Outcome of one file: the row of its picture, shared with a duplicate or none, and why."""

    row: int | None
    kind: str = ""
    message: str = ""
    duplicate_of: int | None = None
    width: int = 0
    height: int = 0
    """Of the upright original in px; 0 without a row of its own."""
    remarks: tuple[Remark, ...] = ()
    color_converted: bool = False
    """Whether its colours were converted from another profile to sRGB."""
    is_transparent: bool = False
    """Whether any of its pixels are not opaque."""
    pixels: str = ""
    """The SHA-256 of its size and pixels; empty without a picture."""

    @property
    def cropped_share(self) -> float:
        """The share of the original that its middle square leaves out."""
        return 1 - min(self.width, self.height) / max(self.width, self.height, 1)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> FileOutcome:
        """The outcome of its own fields, as `dataclasses.asdict` and JSON have them; raises TypeError."""
        return cls(**{**values, "remarks": tuple(Remark(**remark) for remark in values["remarks"])})


def deduplicate(files: Sequence[Path]) -> Iterator[tuple[FileOutcome, DecodedPicture | None]]:
    """Decode the files one after another; yields each outcome, and the picture of a file that gets a row of its own."""
    rows: dict[str, int] = {}
    first_file: dict[str, int] = {}
    for index, path in enumerate(files):
        try:
            decoded = decode(path)
        except BadPicture as bad:
            yield FileOutcome(None, bad.kind, bad.message), None
            continue
        image = decoded.image
        pixels = _pixels_hash(decoded)
        if pixels in rows:
            same = first_file[pixels]
            yield FileOutcome(rows[pixels], "duplicate", "shows the same pixels as", same, pixels=pixels), None
            continue
        rows[pixels], first_file[pixels] = len(rows), index
        width, height = image.size
        outcome = FileOutcome(
            rows[pixels],
            width=width,
            height=height,
            remarks=decoded.remarks,
            color_converted=decoded.color_converted,
            is_transparent=decoded.alpha is not None,
            pixels=pixels,
        )
        yield outcome, decoded


def _pixels_hash(picture: DecodedPicture) -> str:
    alpha = picture.alpha.tobytes() if picture.alpha else b""
    return hashlib.sha256(repr(picture.image.size).encode() + picture.image.tobytes() + alpha).hexdigest()


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
            issues.append(Issue(example.name, outcome.kind, outcome.message))
        elif outcome.duplicate_of is not None:
            first = by_row[outcome.row]
            by_row[outcome.row] = replace(first, captions=tuple(dict.fromkeys(first.captions + example.captions)))
            message = f"{outcome.message} '{first.name}'"
            issues.append(Issue(example.name, outcome.kind, message, "it is skipped and its captions go to that one"))
        else:
            by_row[outcome.row] = example
            issues += [remark(example.name, each.kind, each.message, each.action) for each in outcome.remarks]
            side = min(outcome.width, outcome.height)
            if side < size:
                message = f"is small: its shorter side has {side} px, training uses {size}"
                issues.append(remark(example.name, "small", message, "it is enlarged"))
    return list(by_row.values()), issues
