"""JSON Lines logs of a run: one object per line, appended to, read whole, truncated when a run resumes from earlier."""

import json
from pathlib import Path
from typing import Any

from painting.atomic_file import write_atomic


class JsonLinesLog:
    """A log whose lines each hold a `stage_index` and a `step`, among other keys."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, values: dict[str, Any]) -> None:
        """Append one line."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(values) + "\n")

    def read(self) -> list[dict[str, Any]]:
        """Every complete line, oldest first."""
        if not self.path.is_file():
            return []
        lines = []
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                lines.append(json.loads(line))
            except ValueError:  # half a line, from a kill while it was written
                continue
        return lines

    def truncate_after(self, stage_index: int, step: int) -> None:
        """Drop the lines of later steps, which a resumed run repeats, and an incomplete line left by a kill."""
        if not self.path.is_file():
            return
        kept = [line for line in self.read() if (line["stage_index"], line["step"]) <= (stage_index, step)]
        write_atomic(self.path, "".join(json.dumps(line) + "\n" for line in kept).encode())
