"""Files that stand for another one which has not been downloaded: Git LFS pointers, git-annex keys, web pages."""

from __future__ import annotations

from pathlib import Path

_HEAD_BYTES = 512
_LFS_POINTER = b"version https://git-lfs.github.com/spec/"
_ANNEX_KEY = b"/annex/objects/"
_WEB_PAGES = (b"<!doctype html", b"<html")


def placeholder_reason(path: Path) -> str | None:
    """The predicate of a sentence on what a file is instead of its content, with the cure; None: it is no placeholder.

    Raises OSError where it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head.startswith(_LFS_POINTER):
        return "is a Git LFS pointer, not the file itself: run `git lfs pull` in its repository"
    if head.startswith(_ANNEX_KEY):
        return "is a git-annex key, not the file itself: run `git annex get` in its repository"
    if head.lstrip().lower().startswith(_WEB_PAGES):
        return "is a web page under the name of a file: download the file again"
    return None
