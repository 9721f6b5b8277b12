"""Issues of a folder of captioned pictures, one sentence each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Issue:
    """One issue, and what training does about it.

    `where` is a file's name in the folder, or a line of a file, and `message` the predicate of a sentence on it; `kind`
    groups issues of one sort ("truncated").
    """

    where: str
    kind: str
    message: str
    action: str
    skipped: bool = True
    """Whether training skips a picture for it."""

    def __str__(self) -> str:
        return printable(f"{self.where}: {self.message}; {self.action}")


def printable(name: str) -> str:
    """A name that can be printed anywhere: undecodable bytes and control characters become escapes."""
    text = name.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


def count_kinds(issues: Iterable[Issue]) -> dict[str, int]:
    """The number of issues of each kind, most frequent first."""
    return dict(Counter(issue.kind for issue in issues).most_common())
