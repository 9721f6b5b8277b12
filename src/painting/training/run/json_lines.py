"""JSON Lines logs of a run: one sealed object per line, appended to, read whole, truncated when a run resumes."""

import warnings
from pathlib import Path
from typing import Any

from painting.atomic_file import write_atomic
from painting.files.sealed_json import DamagedJson, seal, unseal


class DamagedLinesWarning(UserWarning):
    """Some lines of a log cannot be read any more."""


class JsonLinesLog:
    """A log whose lines each hold a `stage_index` and a `step`, among other keys."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, values: dict[str, Any]) -> None:
        """Append one line."""
        with self.path.open("ab") as file:
            file.write(seal(values))

    def read(self) -> list[dict[str, Any]]:
        """Every undamaged line, oldest first, with a warning where others are left out.

        Half a line at the end is no damage: a kill leaves one, and the run writes it again.
        """
        if not self.path.is_file():
            return []
        *complete, _ = self.path.read_bytes().split(b"\n")
        lines = [line for line in map(_unsealed, complete) if line is not None]
        if damaged := len(complete) - len(lines):
            message = f"{damaged} of {len(complete)} lines of {self.path} are damaged and left out."
            warnings.warn(message, DamagedLinesWarning, stacklevel=2)
        return lines

    def truncate_after(self, stage_index: int, step: int) -> None:
        """Drop the lines of later steps, which a resumed run repeats, and damaged and incomplete ones."""
        if not self.path.is_file():
            return
        kept = [line for line in self.read() if (line["stage_index"], line["step"]) <= (stage_index, step)]
        write_atomic(self.path, b"".join(map(seal, kept)))


def _unsealed(line: bytes) -> dict[str, Any] | None:
    try:
        return unseal(line)
    except DamagedJson:
        return None
