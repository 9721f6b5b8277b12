"""Listing of a folder of captioned pictures, by names and captions alone; no picture is opened here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from painting.data.captions import captions_in, read_text
from painting.data.decoding.decode import PICTURE_FORMATS
from painting.data.folder.metadata import MetadataRow, read_metadata
from painting.data.issues import Issue, printable
from painting.errors import DataError

METADATA_FILES = ("metadata.jsonl", "metadata.csv")
SIDE_FILE_CONVENTION = ".txt side files"
_UNSUPPORTED_SUFFIXES = frozenset(
    ".heic .heif .avif .svg .psd .pdf .jxl .ico .tga .raw .cr2 .cr3 .nef .arw .dng .eps .jp2 .ppm .pgm".split()
)


@dataclass(frozen=True)
class Example:
    """One picture file with at least one caption; `name` is its path inside the folder, with '/'."""

    name: str
    path: Path
    captions: tuple[str, ...]
    labels: dict[str, str]


@dataclass(frozen=True)
class Listing:
    """Examples of a folder, sorted by name, and its issues."""

    folder: Path
    convention: str
    examples: tuple[Example, ...]
    issues: tuple[Issue, ...]
    partition: str = ""
    """The partition of the folder's split; empty: all of the folder."""
    split_hash: str = ""

    @property
    def source(self) -> str:
        """The folder's name, without the path to it."""
        return printable(self.folder.resolve().name)

    def only(self, examples: list[Example], partition: str = "", split_hash: str = "") -> Listing:
        """The same folder with the examples of one partition of its split."""
        return replace(self, examples=tuple(examples), partition=partition, split_hash=split_hash)


def read_folder(folder: Path) -> Listing:
    """List a folder's examples; captions come from metadata.jsonl, else metadata.csv, else x.txt beside x.jpg.

    Raises DataError where there is no such folder or its metadata cannot be read at all.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(f"'{folder}' is not a folder; give a folder of captioned pictures")
    try:
        found = _Found(folder)
    except OSError as error:
        raise DataError(f"'{error.filename}' cannot be listed: {error.strerror}") from error
    present = [name for name in METADATA_FILES if (folder / name).is_file()]
    if present:
        examples = _from_metadata(found, present[0])
        found.report_ignored(present)
    else:
        examples = _from_side_files(found)
    examples.sort(key=lambda example: example.name)
    convention = present[0] if present else SIDE_FILE_CONVENTION
    return Listing(folder, convention, tuple(examples), tuple(found.issues))


class _Found:
    """Files of a folder and its subfolders, by name, and the issues found among them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.issues: list[Issue] = []
        self.pictures: set[str] = set()
        self.texts: set[str] = set()
        self.refused: set[str] = set()
        for name, entry in _walk(folder, ""):
            self._take(name, entry)

    def _take(self, name: str, entry: os.DirEntry[str]) -> None:
        suffix = PurePosixPath(name).suffix.lower()
        if "/" in name and entry.name in METADATA_FILES:
            message = "is ignored: only a metadata file at the top of the folder is read"
            self.remark(name, "nested metadata", message, f"to use it, give the folder '{PurePosixPath(name).parent}'")
        if suffix not in PICTURE_FORMATS and suffix not in _UNSUPPORTED_SUFFIXES and suffix != ".txt":
            return
        reason = _link_reason(self.folder, entry)
        if reason:
            self.skip(name, "refused path", reason)
        elif suffix in _UNSUPPORTED_SUFFIXES:
            known = ", ".join(sorted({kind.lower() for kind in PICTURE_FORMATS.values()}))
            self.skip(name, "unsupported format", f"has an unsupported format ({known} are supported)")
        elif suffix == ".txt":
            self.texts.add(name)
        else:
            self.pictures.add(name)

    def skip(self, name: str, kind: str, message: str) -> None:
        """Add an issue of a picture that training skips."""
        self.refused.add(name)
        self.issues.append(Issue(name, kind, message, "it is skipped"))

    def remark(self, name: str, kind: str, message: str, action: str) -> None:
        """Add an issue by which no picture is lost."""
        self.issues.append(Issue(name, kind, message, action, skipped=False))

    def report_ignored(self, present: list[str]) -> None:
        """Add issues of caption files that are ignored, since another convention is used."""
        used = present[0]
        for name in present[1:]:
            self.remark(name, "mixed conventions", f"is ignored, since {used} is there", f"only {used} is read")
        beside = [
            name for name in self.texts if any(_with_suffix(name, end) in self.pictures for end in PICTURE_FORMATS)
        ]
        if beside:
            verb = f"and {len(beside) - 1} other .txt files are" if len(beside) > 1 else "is"
            message = f"{verb} ignored, since {used} is there"
            self.remark(min(beside), "mixed conventions", message, f"only {used} is read")


def _walk(folder: Path, inside: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """All files in a folder and its subfolders, without hidden ones and without following links to folders."""
    with os.scandir(folder / inside) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            name = f"{inside}{entry.name}"
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(folder, f"{name}/")
            else:
                yield name, entry


def _link_reason(folder: Path, entry: os.DirEntry[str]) -> str | None:
    if entry.is_symlink():
        try:
            target = Path(entry.path).resolve(strict=True)
        except (OSError, RuntimeError):
            return "is a broken link"
        if not target.is_relative_to(folder.resolve()):
            return "is a link to a file outside the folder"
    return None if entry.is_file() else "is not a regular file"


def _with_suffix(name: str, suffix: str) -> str:
    return str(PurePosixPath(name).with_suffix(suffix))


def _from_metadata(found: _Found, metadata: str) -> list[Example]:
    rows, issues = read_metadata(found.folder / metadata)
    found.issues += issues
    rows_of: dict[str, list[MetadataRow]] = {}
    for row in rows:
        if row.name not in found.refused and _is_usable(row, found, metadata, twice=row.name in rows_of):
            rows_of.setdefault(row.name, []).append(row)
    for name in sorted(found.pictures - rows_of.keys()):
        found.skip(name, "no caption", f"is not named in {metadata}")
    examples = [_joined(found.folder, name, rows) for name, rows in rows_of.items()]
    for example in examples:
        if not example.captions:
            if rows_of[example.name][-1].captions is None:
                found.skip(example.name, "no caption", f"has no caption in {metadata}")
            else:
                found.skip(example.name, "empty caption", f"has an empty caption in {metadata}")
    return [example for example in examples if example.captions]


def _is_usable(row: MetadataRow, found: _Found, metadata: str, *, twice: bool) -> bool:
    """Whether a row names a picture of the folder; adds an issue where it does not, or names one again."""
    line = f"{metadata} line {row.line}"
    if row.name not in found.pictures:
        message = f"names '{printable(row.name)}', which is not a picture in this folder"
        found.remark(line, "caption without picture", message, "the line is skipped")
        return False
    if twice:
        found.remark(line, "listed twice", f"names '{row.name}' again", "captions are joined")
    return True


def _joined(folder: Path, name: str, rows: list[MetadataRow]) -> Example:
    """The example of a picture's rows: all their captions; of a label that several have, the first value."""
    captions = dict.fromkeys(text for row in rows for text in row.captions or ())
    labels = {field: value for row in reversed(rows) for field, value in row.labels.items()}
    return Example(name, folder / name, tuple(captions), labels)


def _from_side_files(found: _Found) -> list[Example]:
    examples = []
    used = set()
    for name in sorted(found.pictures):
        side = _with_suffix(name, ".txt")
        if side not in found.texts:
            found.skip(name, "no caption", f"has no caption: there is no '{PurePosixPath(side).name}' beside it")
            continue
        used.add(side)
        captions = _side_captions(found, side)
        if captions:
            examples.append(Example(name, found.folder / name, captions, {}))
        else:
            found.skip(name, "empty caption", f"has an empty caption in '{side}'")
    for side in sorted(found.texts - used):
        message = "is a caption whose picture is missing"
        found.remark(side, "caption without picture", message, "it is skipped")
    return examples


def _side_captions(found: _Found, side: str) -> tuple[str, ...]:
    try:
        text, encoding = read_text(found.folder / side)
    except OSError as error:
        found.remark(side, "unreadable caption", f"cannot be read ({error.strerror})", "its captions are lost")
        return ()
    if encoding:
        found.remark(side, "encoding", f"is not UTF-8, read as {encoding}", "save it as UTF-8")
    return captions_in(text.splitlines()) or ()
