"""A file of JSON, a line a position of the run: appended to, read whole, cut where a run goes on from before."""

import json
from pathlib import Path
from typing import Any

from painting.atomic_file import write_atomic


class JsonLines:
    """Lines that each hold a `stage` and a `step`, among others."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, values: dict[str, Any]) -> None:
        """Append one line."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(values) + "\n")

    def read(self) -> list[dict[str, Any]]:
        """Every whole line, oldest first."""
        if not self.path.is_file():
            return []
        found = []
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                found.append(json.loads(line))
            except ValueError:  # half a line, from a kill while it was written
                continue
        return found

    def forget_after(self, stage: int, step: int) -> None:
        """Drop the lines of steps that a resumed run will do again, and half a line that a kill has left."""
        if not self.path.is_file():
            return
        kept = [line for line in self.read() if (line["stage"], line["step"]) <= (stage, step)]
        write_atomic(self.path, "".join(json.dumps(line) + "\n" for line in kept).encode())
