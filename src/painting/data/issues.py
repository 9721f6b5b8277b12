"""Issues of a folder of captioned pictures, one sentence each."""

from __future__ import annotations

import os
import shlex
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Issue:
    """One issue, and what training does about it.

    `where` is a file's name in the folder, or a line of a file, empty for the folder itself; `message` is the predicate
    of a sentence on it; `kind` groups issues of one sort ("truncated").
    """

    where: str
    kind: str
    message: str
    action: str = "it is skipped"
    loses: Literal["picture", "file", "nothing"] = "picture"
    """What is not used for it: a picture, a file of another sort, or nothing."""
    files: int = 1
    """The number of files at `where`, of which an issue that loses something loses all."""

    @property
    def skipped(self) -> bool:
        """Whether training skips a picture for it."""
        return self.loses == "picture"

    @property
    def unused_files(self) -> int:
        """The number of files that are not used for it."""
        return 0 if self.loses == "nothing" else self.files

    def __str__(self) -> str:
        return printable(f"{self.where or 'the folder'}: {self.message}; {self.action}")


def remark(where: str, kind: str, message: str, action: str) -> Issue:
    """An issue for which every file is used all the same."""
    return Issue(where, kind, message, action, loses="nothing")


def unused_file(where: str, kind: str, message: str, action: str = "it is ignored", files: int = 1) -> Issue:
    """An issue of a file other than a picture, or of several at one place, that is not used."""
    return Issue(where, kind, message, action, loses="file", files=files)


def printable(name: str) -> str:
    """A name that can be printed anywhere: undecodable bytes and control characters become escapes."""
    text = name.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


def count_kinds(issues: Iterable[Issue]) -> dict[str, int]:
    """The number of issues of each kind, most frequent first."""
    return dict(Counter(issue.kind for issue in issues).most_common())


def quote_path(path: Path) -> str:
    """Quote a path for the shell of this system: cmd knows no single quotes."""
    return f'"{path}"' if os.name == "nt" else shlex.quote(str(path))
