"""A run: a folder that explains itself.

`run.json` (the resolved preset and where the data are) is written first; then `stats.jsonl`, `pictures/`, `losses.png`,
TensorBoard's `events/` and `checkpoints/`.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from painting.errors import TrainingError
from painting.images import save_png, write_atomically
from painting.training.presets import Preset, preset_from_dict

ABOUT, STATS = "run.json", "stats.jsonl"


@dataclass(frozen=True)
class About:
    """What a run trains: its preset, the captioned folder (None for drawn shapes), and the data's hash and summary."""

    preset: Preset
    data: str | None
    data_hash: str
    data_summary: dict[str, Any]
    text_encoder: dict[str, str]
    started_with: dict[str, Any]


class RunFolder:
    """Names, writes and reads what is in a run folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.checkpoints = path / "checkpoints"
        self.events = path / "events"
        self.pictures = path / "pictures"

    def exists(self) -> bool:
        return (self.path / ABOUT).is_file()

    def create(self, about: About) -> None:
        """Make the folder and write what the run is, before anything is trained."""
        if self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir())):
            raise TrainingError(f"{self.path} is there already and is not a run. Name another folder for the run.")
        self.path.mkdir(parents=True, exist_ok=True)
        write_atomically(self.path / ABOUT, _json(vars(about) | {"preset": about.preset.as_dict()}))

    def about(self) -> About:
        """Read what the run is; raises TrainingError for a folder that is no run."""
        try:
            values = json.loads((self.path / ABOUT).read_text(encoding="utf-8"))
            return About(**(values | {"preset": preset_from_dict(values["preset"])}))
        except FileNotFoundError:
            raise TrainingError(f"{self.path} is not a run: it has no {ABOUT}.") from None
        except (ValueError, KeyError, TypeError) as error:
            raise TrainingError(f"{self.path / ABOUT} cannot be read: {error}.") from error

    def add_stats(self, stats: dict[str, Any]) -> None:
        """Append one line to stats.jsonl."""
        with (self.path / STATS).open("a", encoding="utf-8") as file:
            file.write(json.dumps(stats) + "\n")

    def stats(self) -> list[dict[str, Any]]:
        """Every whole line of stats.jsonl, oldest first."""
        path = self.path / STATS
        if not path.is_file():
            return []
        found = []
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                found.append(json.loads(line))
            except ValueError:  # half a line, from a kill while it was written
                continue
        return found

    def forget_stats_after(self, stage: int, step: int) -> None:
        """Drop the lines of steps that a resumed run will do again."""
        kept = [line for line in self.stats() if (line["stage"], line["step"]) <= (stage, step)]
        write_atomically(self.path / STATS, "".join(json.dumps(line) + "\n" for line in kept).encode())

    def save_pictures(self, name: str, pictures: NDArray[np.uint8]) -> None:
        """Write a grid (H, W, 3) into pictures/."""
        self.pictures.mkdir(exist_ok=True)
        save_png(self.pictures / f"{name}.png", pictures)


def _json(values: dict[str, Any]) -> bytes:
    return (json.dumps(values, indent=2) + "\n").encode()
