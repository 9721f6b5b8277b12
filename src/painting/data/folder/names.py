"""File names as other systems and tools write them: composed or decomposed, in another case, with backslashes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cached_property

UNDECODED_BYTE = re.compile(r"[\udc80-\udcff]")
"""A byte of a name that is no UTF-8, as Python's `os` has it; most such names are in Windows-1252."""


def composed(name: str) -> str:
    """A name in NFC, its bytes that are no UTF-8 as letters of Windows-1252."""
    text = UNDECODED_BYTE.sub(lambda byte: bytes([ord(byte[0]) - 0xDC00]).decode("cp1252", "replace"), name)
    return unicodedata.normalize("NFC", text)


def _with_slashes(name: str) -> str:
    return composed(name).replace("\\", "/").removeprefix("./")


def _without_case(name: str) -> str:
    return composed(_with_slashes(name).casefold())


_NAME_SPELLINGS = (composed, _with_slashes, _without_case)
"""From the nearest to a name to the farthest."""


class NameIndex:
    """The names of a folder's files, found in spite of another spelling where only one file can be meant."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = set(names)

    # Made when a name is not found as it is: most folders never need them.
    @cached_property
    def _spellings(self) -> list[dict[str, list[str]]]:
        pairs = [(name, name) for name in self._names]
        return [_grouped(spelling, pairs) for spelling in _NAME_SPELLINGS]

    @cached_property
    def _base_names(self) -> list[dict[str, list[str]]]:
        pairs = [(name.rpartition("/")[2], name) for name in self._names]
        return [_grouped(spelling, pairs) for spelling in _NAME_SPELLINGS]

    def find(self, name: str) -> str | None:
        """The file of a name: the exact one, else the only one in another Unicode form, separator or case."""
        return name if name in self._names else _only(name, self._spellings)

    def find_anywhere(self, name: str) -> str | None:
        """The only file of a name without folders, in whatever folder it is."""
        return None if "/" in name or "\\" in name else _only(name, self._base_names)


def _grouped(spelling: Callable[[str], str], pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The second names of pairs by a spelling of the first."""
    grouped: dict[str, list[str]] = {}
    for name, file in pairs:
        grouped.setdefault(spelling(name), []).append(file)
    return grouped


def _only(name: str, spellings: list[dict[str, list[str]]]) -> str | None:
    """The only file in the nearest spelling that any file has."""
    for spelling, by_spelling in zip(_NAME_SPELLINGS, spellings, strict=True):
        found = by_spelling.get(spelling(name), [])
        if found:
            return found[0] if len(found) == 1 else None
    return None
