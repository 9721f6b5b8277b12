"""Files that are neither pictures nor captions that are read, each with the cure."""

from __future__ import annotations

from pathlib import PurePosixPath

from painting.data.decoding.formats import PICTURE_FORMATS, UNSUPPORTED_SUFFIXES
from painting.data.issues import Issue, unused_file

_TABLE_SUFFIXES = {".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".parquet", ".arrow", ".xlsx", ".xls", ".ods"}
_ARCHIVE_SUFFIXES = {".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".zst"}
_VIDEO_SUFFIXES = {".mp4", ".mov", ".avi", ".mkv", ".webm", ".m4v", ".mpg", ".mpeg"}


def other_file_issue(name: str, *, has_metadata: bool) -> Issue:
    """The issue of a file that is not read; `has_metadata`: captions come from a metadata file already."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in UNSUPPORTED_SUFFIXES:
        supported = ", ".join(sorted({kind.lower() for kind in PICTURE_FORMATS.values()}))
        message = f"has an unsupported format ({supported} are supported)"
        return Issue(name, "unsupported format", message, "it is skipped; save it as JPEG or PNG")
    if suffix in _TABLE_SUFFIXES and not has_metadata:
        action = "it is ignored; if it lists captions, save it as metadata.csv with the columns file_name and caption"
        return unused_file(name, "other table", "is not read", action)
    if suffix in _ARCHIVE_SUFFIXES:
        return unused_file(name, "archive", "is an archive", "it is ignored; unpack it")
    if suffix in _VIDEO_SUFFIXES:
        return unused_file(name, "video", "is a video", "it is ignored; save pictures of it")
    return unused_file(name, "other file", "is neither a picture nor a caption file")
