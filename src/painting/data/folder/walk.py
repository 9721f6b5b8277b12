"""Walk through a folder and its subfolders: every file is found, or is an issue."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from painting.data.decoding.formats import PICTURE_FORMATS
from painting.data.issues import Issue, unused_file

JUNCTION_TAG = 0xA0000003  # Windows' IO_REPARSE_TAG_MOUNT_POINT
_SYSTEM_FILES = {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"}
_SYSTEM_FOLDERS = {"__macosx", "@eadir", "$recycle.bin", "system volume information"}


class FolderWalk:
    """The regular files of a folder by name, a path inside the folder with '/', sorted; and issues of all others.

    `without` names folders at its top that are left out. Links are followed to files inside the folder, never to
    folders. Raises OSError where the folder itself cannot be listed.
    """

    def __init__(self, folder: Path, without: Collection[str] = ()) -> None:
        self.folder = folder
        self.names: list[str] = []
        self.issues: list[Issue] = []
        self._root = folder.resolve()
        for entry in _entries(folder):
            if entry.name not in without:
                self._take(entry.name, entry)

    def _take(self, name: str, entry: os.DirEntry[str]) -> None:
        reason = _system_reason(entry.name)
        if entry.is_dir(follow_symlinks=False) and not is_junction(entry.path):
            if reason:
                self.issues.append(unused_file(name, *reason, files=_count_files(entry.path)))
            else:
                self._descend(name, entry)
        elif reason:
            self.issues.append(unused_file(name, *reason))
        elif link := self._link_issue(name, entry):
            self.issues.append(link)
        else:
            self.names.append(name)

    def _descend(self, name: str, entry: os.DirEntry[str]) -> None:
        try:
            entries = _entries(entry.path)
        except OSError as error:
            message = f"is a folder that cannot be listed ({error.strerror})"
            self.issues.append(unused_file(name, "unreadable folder", message, "it is skipped", files=0))
            return
        for inner in entries:
            self._take(f"{name}/{inner.name}", inner)

    def _link_issue(self, name: str, entry: os.DirEntry[str]) -> Issue | None:
        if not (entry.is_symlink() or entry.is_dir(follow_symlinks=False)):
            return None if entry.is_file() else _refused(name, "is not a regular file")
        try:
            target = Path(entry.path).resolve(strict=True)
        except (OSError, RuntimeError):
            return _refused(name, "is a broken link")
        if target.is_dir():
            message = "is a link to a folder, and only folders in the folder itself are read"
            return unused_file(name, "linked folder", message, "it is skipped; copy or move its pictures here")
        if not target.is_relative_to(self._root):
            return _refused(name, "is a link to a file outside the folder", "it is skipped; copy that file here")
        return None if target.is_file() else _refused(name, "is not a regular file")


def _refused(name: str, message: str, action: str = "it is skipped") -> Issue:
    is_picture = PurePosixPath(name).suffix.lower() in PICTURE_FORMATS
    return Issue(name, "refused path", message, action, "picture" if is_picture else "file")


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _system_reason(name: str) -> tuple[str, str] | None:
    """The kind and message of a file or folder that no person put there; None for any other."""
    if name.startswith("._"):
        return "system file", "holds what macOS knows about another file"
    if name.startswith("."):
        return "hidden", "is hidden, since its name begins with a dot"
    if name.lower() in _SYSTEM_FILES | _SYSTEM_FOLDERS:
        return "system file", "belongs to the operating system"
    return None


def _count_files(folder: str) -> int:
    """The number of files in a folder and its subfolders; a link is one."""
    count = 0
    for path, folders, files in os.walk(folder):
        inner = [name for name in folders if not is_junction(os.path.join(path, name))]
        count += len(files) + len(folders) - len(inner)
        count += sum(os.path.islink(os.path.join(path, name)) for name in inner)
        folders[:] = inner
    return count


def is_junction(path: str) -> bool:
    """Whether a folder is a junction, Windows' link to a folder that is no symbolic link."""
    return getattr(os.lstat(path), "st_reparse_tag", 0) == JUNCTION_TAG
