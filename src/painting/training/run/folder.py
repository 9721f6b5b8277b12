"""A run: a folder that explains itself.

`run.json` (the resolved preset and where the data are) is written first; then `stats.jsonl`, `pictures/`, TensorBoard's
`events/`, `checkpoints/` to go on from, `saved/`, what is kept for good, and, where the run is measured as it goes,
`evaluations.jsonl`.
"""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from painting.atomic_file import write_atomic
from painting.data.picture_set import CaptionedSet, PictureSet
from painting.errors import TrainingError
from painting.images import save_png
from painting.training.config.base import Preset
from painting.training.config.loader import preset_from_dict
from painting.training.run.json_lines import JsonLines

ABOUT, STATS, EVALUATIONS = "run.json", "stats.jsonl", "evaluations.jsonl"


@dataclass(frozen=True)
class DataFacts:
    """What networks and painters need to know of the pictures that they are trained on; the rest is of captions."""

    content_hash: str
    summary: dict[str, Any]
    attributes: tuple[str, ...]
    example_prompts: tuple[str, ...] = ()
    text_encoder_id: str | None = None
    text_encoder_sha256: str | None = None
    caption_mean: tuple[float, ...] = ()
    caption_std: tuple[float, ...] = ()

    @property
    def text_width(self) -> int:
        """Of the text vectors; 0 where there are no captions."""
        return len(self.caption_mean)

    @classmethod
    def of(cls, data: PictureSet) -> "DataFacts":
        """Note them down."""
        facts = cls(data.content_hash, dict(data.summary), tuple(data.attributes))
        if not isinstance(data, CaptionedSet):
            return facts
        return replace(
            facts,
            example_prompts=tuple(data.example_prompts),
            text_encoder_id=data.text_encoder_id,
            text_encoder_sha256=data.text_encoder_sha256,
            caption_mean=tuple(map(float, data.caption_mean)),
            caption_std=tuple(map(float, data.caption_std)),
        )


@dataclass(frozen=True)
class About:
    """What a run trains: its preset, where its pictures are (None: they are drawn), their facts, and with what."""

    preset: Preset
    source: str | None
    data: DataFacts
    started_with: dict[str, Any]
    began_from: dict[str, Any] | None = None
    """The painter whose weights its last stage began with, and what had gone into that."""


class RunFolder:
    """Names, writes and reads what is in a run folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.checkpoints = path / "checkpoints"
        self.events = path / "events"
        self.pictures = path / "pictures"
        self.saved = path / "saved"
        self.evaluations = JsonLines(path / EVALUATIONS)
        self._stats = JsonLines(path / STATS)

    def exists(self) -> bool:
        return (self.path / ABOUT).is_file()

    def check_free(self) -> None:
        """Raise TrainingError where the path is taken by anything but an empty folder."""
        if self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir())):
            raise TrainingError(f"{self.path} is there already and is not a run. Name another folder for the run.")

    def create(self, about: About) -> None:
        """Make the folder and write what the run is, before anything is trained; raises TrainingError."""
        self.check_free()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            write_atomic(self.path / ABOUT, _json(asdict(about)))
        except OSError as error:
            raise TrainingError(f"The run's folder {self.path} cannot be made: {error.strerror or error}.") from error

    def about(self) -> About:
        """Read what the run is; raises TrainingError for a folder that is no run."""
        try:
            values = json.loads((self.path / ABOUT).read_text(encoding="utf-8"))
            facts: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in values["data"].items()}
            return About(**(values | {"preset": preset_from_dict(values["preset"]), "data": DataFacts(**facts)}))
        except (FileNotFoundError, NotADirectoryError):
            raise TrainingError(f"{self.path} is not a run: it has no {ABOUT}.") from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise TrainingError(f"{self.path / ABOUT} cannot be read: {error}.") from error

    def add_stats(self, stats: dict[str, Any]) -> None:
        """Append one line to stats.jsonl."""
        self._stats.add(stats)

    def stats(self) -> list[dict[str, Any]]:
        """Every whole line of stats.jsonl, oldest first."""
        return self._stats.read()

    def forget_stats_after(self, stage: int, step: int) -> None:
        """Drop the lines of steps that a resumed run will do again."""
        self._stats.forget_after(stage, step)

    def save_pictures(self, name: str, pictures: NDArray[np.uint8]) -> None:
        """Write a grid (H, W, 3) into pictures/."""
        self.pictures.mkdir(exist_ok=True)
        save_png(self.pictures / f"{name}.png", pictures)


def _json(values: dict[str, Any]) -> bytes:
    return (json.dumps(values, indent=2) + "\n").encode()
