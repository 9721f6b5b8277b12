"""Listing of a folder of captioned pictures, by names and captions alone; no picture is opened here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from painting.data.decoding.formats import PICTURE_FORMATS
from painting.data.folder.class_folders import CLASS_LABEL, class_names
from painting.data.folder.fields import MetadataRow
from painting.data.folder.metadata import governing_metadata, is_metadata, read_metadata
from painting.data.folder.names import NameIndex
from painting.data.folder.other_files import other_file_issue
from painting.data.folder.partition_names import HELD_OUT_PARTITIONS, SPLIT_FILE, Partition
from painting.data.folder.side_files import CAPTION_SUFFIXES, beside, read_side_files
from painting.data.folder.walk import FolderWalk
from painting.data.issues import Issue, printable, remark, unused_file
from painting.errors import DataError

SIDE_FILE_CONVENTION = ".txt side files"
CLASS_FOLDER_CONVENTION = "the names of folders"
PARTIAL_METADATA = "partial metadata"
"""The kind of the issue of metadata that leave out pictures with text files of their own."""


@dataclass(frozen=True)
class Example:
    """One picture file with at least one caption; `name` is its path inside the folder, with '/'."""

    name: str
    path: Path
    captions: tuple[str, ...]
    labels: dict[str, str]
    partition: Partition | None = None
    """The partition that its metadata names."""


@dataclass(frozen=True)
class Listing:
    """Examples of a folder, sorted by name, and its issues."""

    folder: Path
    convention: str
    examples: tuple[Example, ...]
    issues: tuple[Issue, ...]
    sources: tuple[str, ...] = ()
    """Files that captions, labels and the split were read from: with the examples and issues, all files."""
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


def read_folder(folder: Path, without: Collection[str] = ()) -> Listing:
    """List a folder's examples, and account for each of its files: an example, a source of captions, or an issue.

    Captions come from metadata files, else from text files, else from the names of class folders. `without` names
    folders at its top that are left out. Raises DataError where there is no such folder or a metadata file cannot be
    read at all.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(f"'{printable(str(folder))}' is not a folder; give a folder of captioned pictures")
    try:
        walk = FolderWalk(folder, without)
    except OSError as error:
        raise DataError(f"'{printable(str(folder))}' cannot be listed: {error.strerror}") from error
    return _Reading(walk).listing()


class _Reading:
    """The reading of a folder: files move from what is left to examples, sources and issues."""

    def __init__(self, walk: FolderWalk) -> None:
        self.folder = walk.folder
        self.issues = list(walk.issues)
        self.examples: list[Example] = []
        self.conventions: list[str] = []
        suffixes = {name: PurePosixPath(name).suffix.lower() for name in walk.names}
        tables = [name for name in walk.names if is_metadata(name)]
        self.sources = [name for name in walk.names if name == SPLIT_FILE]
        self.pictures = {name for name, suffix in suffixes.items() if suffix in PICTURE_FORMATS}
        self.texts = {name for name, suffix in suffixes.items() if suffix in CAPTION_SUFFIXES}
        self.metadata, ignored = governing_metadata(tables)
        self.issues += ignored
        others = set(walk.names).difference(tables, self.sources, self.pictures, self.texts)
        self.issues += [other_file_issue(name, has_metadata=bool(self.metadata)) for name in sorted(others)]
        self.refused = [issue.where for issue in self.issues if issue.skipped]

    def listing(self) -> Listing:
        """Read all captions, and list the folder."""
        for inside, metadata in self.metadata.items():
            self._read_metadata(inside, metadata)
        if self.pictures or self.texts:
            self._read_side_files()
        examples = sorted(self.examples, key=lambda example: example.name)
        convention = ", ".join(self.conventions) or SIDE_FILE_CONVENTION
        return Listing(self.folder, convention, tuple(examples), tuple(self.issues), tuple(sorted(self.sources)))

    def _take(self, names: set[str], inside: str) -> set[str]:
        """Take the names in and below a folder out of a set."""
        taken = {name for name in names if name.startswith(inside)}
        names -= taken
        return taken

    def _skip(self, name: str, kind: str, message: str) -> None:
        self.issues.append(Issue(name, kind, message))

    def _read_metadata(self, inside: str, metadata: str) -> None:
        """Examples of one metadata file, which governs the pictures in and below its folder."""
        pictures = self._take(self.pictures, inside)
        texts = self._take(self.texts, inside)
        self._ignore_texts(texts, metadata)
        self.sources.append(metadata)
        self.conventions.append(metadata)
        rows, issues = read_metadata(self.folder / metadata, metadata)
        self.issues += issues
        rows_of = self._rows_by_picture(rows, inside, metadata, NameIndex(pictures))
        self._report_hidden(beside(sorted(pictures - rows_of.keys()), texts), len(pictures), metadata)
        for name in sorted(pictures):
            if name not in rows_of:
                self._skip(name, "no caption", f"is not named in {metadata}")
            elif (example := _joined(self.folder, name, rows_of[name])).captions:
                self.examples.append(example)
            elif all(row.captions is None for row in rows_of[name]):
                self._skip(name, "no caption", f"has no caption in {metadata}")
            else:
                self._skip(name, "empty caption", f"has an empty caption in {metadata}")

    def _rows_by_picture(
        self, rows: list[MetadataRow], inside: str, metadata: str, pictures: NameIndex
    ) -> dict[str, list[MetadataRow]]:
        rows_of: dict[str, list[MetadataRow]] = {}
        refused = NameIndex(self.refused)
        for row in rows:
            line = f"{metadata} line {row.line}"
            name = pictures.find(f"{inside}{row.name}") or pictures.find_anywhere(row.name)
            if name is None:
                if not refused.find(f"{inside}{row.name}"):
                    message = f"names '{printable(row.name)}', which is not a picture in this folder"
                    self.issues.append(remark(line, "caption without picture", message, "the line is skipped"))
                continue
            if name in rows_of:
                self.issues.append(remark(line, "listed twice", f"names '{name}' again", "captions are joined"))
            rows_of.setdefault(name, []).append(row)
        return rows_of

    def _ignore_texts(self, texts: set[str], metadata: str) -> None:
        """One issue of all text files that a metadata file makes superfluous."""
        if texts:
            others = f" and {len(texts) - 1} other text files are" if len(texts) > 1 else " is"
            message = f"{others.strip()} ignored, since {metadata} is there"
            action = f"only {metadata} is read"
            self.issues.append(unused_file(min(texts), "mixed conventions", message, action, files=len(texts)))

    def _report_hidden(self, hidden: Collection[str], count: int, metadata: str) -> None:
        """One issue of all pictures that a metadata file does not name, though they have text files."""
        if hidden:
            message = (
                f"does not name {len(hidden)} of {count} pictures that have text files, which are not read beside it"
            )
            action = "those pictures are skipped; add them to it, or move it out of the folder to read all text files"
            self.issues.append(remark(metadata, PARTIAL_METADATA, message, action))

    def _read_side_files(self) -> None:
        """Examples of text files; without any, of class folders."""
        found = read_side_files(self.folder, self.pictures, self.texts, self.refused)
        self.issues += found.issues
        self.sources += sorted(set(found.sources.values()))
        classes = {} if found.sources or self.metadata else class_names(self.pictures)
        if classes:
            self._read_classes(classes)
        elif not found.sources and not self.metadata and any("/" in name for name in self.pictures):
            message = "has no captions, and the names of its folders are no words for what they show"
            action = "rename those, or write x.txt beside x.jpg, or a metadata.csv"
            self.issues.append(remark("", "class folders", message, action))
        if self.pictures and not classes:
            self.conventions.append(SIDE_FILE_CONVENTION)
        for name in sorted(self.pictures - classes.keys()):
            text = found.sources.get(name)
            if text is None:
                self._skip(name, "no caption", _no_caption(name))
            elif captions := found.captions[text]:
                self.examples.append(Example(name, self.folder / name, captions, {}))
            else:
                self._skip(name, "empty caption", found.reasons[text])

    def _read_classes(self, classes: dict[str, str]) -> None:
        count = len(set(classes.values()))
        message = (
            f"has no captions: the names of its {count} folders are used as captions and as the label {CLASS_LABEL}"
        )
        action = "write x.txt beside x.jpg, or a metadata.csv, for captions that say more"
        self.issues.append(remark("", "class folders", message, action))
        self.conventions.append(CLASS_FOLDER_CONVENTION)
        for name, words in classes.items():
            self.examples.append(Example(name, self.folder / name, (words,), {CLASS_LABEL: words}))


def _no_caption(name: str) -> str:
    sides = " or ".join(f"'{PurePosixPath(name).with_suffix(suffix).name}'" for suffix in CAPTION_SUFFIXES)
    return f"has no caption: there is no {sides} beside it"


def _joined(folder: Path, name: str, rows: list[MetadataRow]) -> Example:
    """The example of a picture's rows: all their captions; of a label that several have, the first value.

    It is held out where any row holds it out.
    """
    captions = dict.fromkeys(text for row in rows for text in row.captions or ())
    labels = {field: value for row in reversed(rows) for field, value in row.labels.items()}
    partitions: list[Partition] = [row.partition for row in rows if row.partition]
    held_out = next((partition for partition in partitions if partition in HELD_OUT_PARTITIONS), None)
    return Example(name, folder / name, tuple(captions), labels, held_out or next(iter(partitions), None))
