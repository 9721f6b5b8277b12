"""Captions in text files: x.txt beside x.jpg, or in a folder of their own."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from painting.data.captions import captions_in, read_text
from painting.data.decoding.formats import PICTURE_FORMATS
from painting.data.folder.names import NameIndex
from painting.data.issues import Issue, remark, unused_file
from painting.data.placeholder import placeholder_reason

CAPTION_SUFFIXES = (".txt", ".caption")
"""In the order of precedence, in any case; x.jpg.txt is read as x.txt is."""
_BOX_LINE = re.compile(r"\s*\d+(\s+-?\d*\.?\d+(e-?\d+)?){4,}\s*", re.IGNORECASE)
"""A line of a detector's annotation: the index of a class and the corners of a box."""
_LISTING_LENGTH = 4096


@dataclass
class SideFiles:
    """The text files of pictures, and their captions."""

    sources: dict[str, str] = field(default_factory=dict)
    """Picture → its text file."""
    captions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Text file → its captions."""
    reasons: dict[str, str] = field(default_factory=dict)
    """Text file without captions → the predicate of a sentence on its pictures."""
    issues: list[Issue] = field(default_factory=list)


def read_side_files(
    folder: Path, pictures: Iterable[str], texts: Iterable[str], skipped: Iterable[str] = ()
) -> SideFiles:
    """Find and read the text file of each picture; all names are paths inside the folder.

    `skipped` are pictures that are not used, so that their text files are not.
    """
    pictures = sorted(pictures)
    texts = set(texts)
    found = SideFiles(beside(pictures, texts))
    found.sources |= _elsewhere(pictures, texts, found.sources)
    used = set(found.sources.values())
    for text in sorted(used):
        found.captions[text] = _read(folder / text, text, found)
    owners = {text: picture for picture, text in beside(skipped, texts - used).items()}
    for text, picture in owners.items():
        message = f"is the caption of '{picture}'"
        found.issues.append(unused_file(text, "caption without picture", message, "it is skipped as well"))
    names = {PurePosixPath(picture).name for picture in pictures}
    found.issues += [_unused(folder / text, text, names) for text in sorted(texts - used - owners.keys())]
    return found


def beside(pictures: Iterable[str], texts: set[str]) -> dict[str, str]:
    """The text file of the same name in the same folder of each picture that has one."""
    found: dict[str, str] = {}
    if not texts:
        return found
    index = NameIndex(texts)
    for picture in pictures:
        stem = picture.removesuffix(PurePosixPath(picture).suffix)
        candidates = (f"{start}{suffix}" for start in (stem, picture) for suffix in CAPTION_SUFFIXES)
        text = next(filter(None, map(index.find, candidates)), None)
        if text:
            found[picture] = text
    return found


def _elsewhere(pictures: Iterable[str], texts: set[str], beside: dict[str, str]) -> dict[str, str]:
    """The text files in other folders that can only belong to one picture each, by path or by name."""
    left = texts - set(beside.values())
    found: dict[str, str] = {}
    for key in (_path_below_top, _stem):
        pictures_by_key = _by_key(pictures, key)
        for text_key, candidates in _by_key(left, key).items():
            owners = pictures_by_key.get(text_key, [])
            if len(candidates) == len(owners) == 1 and owners[0] not in beside:
                found.setdefault(owners[0], candidates[0])
    return found


def _by_key(names: Iterable[str], key: Callable[[str], str | None]) -> dict[str, list[str]]:
    by_key: dict[str, list[str]] = defaultdict(list)
    for name in names:
        name_key = key(name)
        if name_key:
            by_key[name_key].append(name)
    return by_key


def _path_below_top(name: str) -> str | None:
    """roses/01 of images/roses/01.jpg and of captions/roses/01.txt; None of a file at the top."""
    _, _, below = name.partition("/")
    return _plain(below) if below else None


def _stem(name: str) -> str:
    return _plain(PurePosixPath(name).name)


def _plain(name: str) -> str:
    """A name in one spelling, without the suffixes of captions and pictures."""
    path = PurePosixPath(unicodedata.normalize("NFC", name.casefold()))
    while path.suffix in CAPTION_SUFFIXES or path.suffix in PICTURE_FORMATS:
        path = path.with_suffix("")
    return str(path)


def _read(path: Path, text: str, found: SideFiles) -> tuple[str, ...]:
    """The captions of a text file, one a line; without any, the reason goes to `found`."""
    try:
        placeholder = placeholder_reason(path)
        content, encoding = read_text(path)
    except OSError as error:
        found.reasons[text] = f"has a caption that cannot be read: '{text}' ({error.strerror})"
        return ()
    if placeholder:
        found.reasons[text] = f"has no caption, since '{text}' {placeholder}"
        return ()
    if encoding:
        found.issues.append(remark(text, "encoding", f"is not UTF-8, read as {encoding}", "save it as UTF-8"))
    lines = content.splitlines()
    captions = captions_in([line for line in lines if not _BOX_LINE.fullmatch(line)]) or ()
    if not captions:
        is_boxes = any(map(_BOX_LINE.fullmatch, lines))
        found.reasons[text] = f"has {'boxes instead of a' if is_boxes else 'an empty'} caption in '{text}'"
    return captions


def _unused(path: Path, text: str, pictures: set[str]) -> Issue:
    """The issue of a text file that belongs to no picture."""
    try:
        beginning = read_text(path)[0][:_LISTING_LENGTH]
    except OSError:
        beginning = ""
    words = set(re.split(r"[,;\t|\n\r\"]+", beginning))
    if words & pictures:
        action = "it is ignored; save it as metadata.csv, its first line file_name,caption"
        return unused_file(text, "other table", "lists pictures", action)
    return unused_file(text, "caption without picture", "is a caption whose picture is missing", "it is skipped")
