"""The run folder: names, writes and reads the files of one training run.

`run.json` (the resolved preset, the data set, the environment) is written first; then `stats.jsonl`, the sample grids
in `pictures/`, `checkpoints/` to resume from, the snapshots and plots in `saved/`, and `evaluations.jsonl` where the
run is evaluated as it trains.
"""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from painting.errors import TrainingError, error_reason
from painting.files.sealed_json import DamagedJson, read_sealed, write_sealed
from painting.images import save_png
from painting.training.config.base import Preset
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.preset_loader import preset_from_dict
from painting.training.run.json_lines import JsonLinesLog

RUN_VERSION = 4
"""The version of a run folder's files: raised whenever older ones can no longer be resumed or exported."""
RUN_FILE, STATS_FILE, EVALUATIONS_FILE = "run.json", "stats.jsonl", "evaluations.jsonl"
FIRST_STAGE_FIELD = "first_stage"
"""Of a run's warm start: the index of the stage that it begins with."""
COMPARISON_FILE = "comparison.json"
"""How a warm-started run paints beside the painter that it began from (`guard.comparison`)."""


@dataclass(frozen=True)
class RunInfo:
    """What a run trains: its preset, the folder of its pictures (None: generated data), and their info.

    `environment`: versions, device and threads that the run started with. `warm_start`: the painter or base whose
    weights its first stage started from, and what that one was trained on; None: the run started from random weights.
    `stage_seconds`: how long each stage takes, by some steps that were timed before the run.
    """

    preset: Preset
    source: str | None
    dataset: DatasetInfo
    environment: dict[str, Any]
    warm_start: dict[str, Any] | None = None
    stage_seconds: dict[str, float] = field(default_factory=dict)

    @property
    def first_stage(self) -> int:
        """The index of the first stage that is trained."""
        return int((self.warm_start or {}).get(FIRST_STAGE_FIELD, 0))


def dated(name: str, images: int) -> str:
    """A file's name with the training images in kimg, exact to one image, so that no two share it; names sort by age.

    Without a suffix.
    """
    return f"{name}-{images / 1000:010.3f}kimg"


class RunFolder:
    """The files of one run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.checkpoints = path / "checkpoints"
        self.pictures = path / "pictures"
        self.saved = path / "saved"
        self.stats = JsonLinesLog(path / STATS_FILE)
        self.evaluations = JsonLinesLog(path / EVALUATIONS_FILE)
        self.comparison = path / COMPARISON_FILE

    def exists(self) -> bool:
        """Whether the folder holds a run."""
        return (self.path / RUN_FILE).is_file()

    def check_free(self) -> None:
        """Raise TrainingError where the path is taken by anything but an empty folder."""
        if self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir())):
            raise TrainingError(f"{self.path} exists and is not a run. Name another folder for the run.")

    def create(self, info: RunInfo) -> None:
        """Make the folder and write run.json, before anything is trained; raises TrainingError."""
        self.check_free()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            write_sealed(self.path / RUN_FILE, {"version": RUN_VERSION} | asdict(info))
        except OSError as error:
            raise TrainingError(f"The run folder {self.path} cannot be made: {error.strerror or error}.") from error

    def info(self) -> RunInfo:
        """Read run.json; raises TrainingError for a folder that is no run, or a run of another version of painting."""
        path = self.path / RUN_FILE
        try:
            values = read_sealed(path)
            _check_version(self.path, values.pop("version", None))
            preset = preset_from_dict(values.pop("preset"))
            return RunInfo(preset=preset, dataset=DatasetInfo.from_json(values.pop("dataset")), **values)
        except (FileNotFoundError, NotADirectoryError):
            raise TrainingError(f"{self.path} is not a run: it has no {RUN_FILE}.") from None
        except DamagedJson as error:
            raise TrainingError(
                f"{path} is damaged, or was changed or written by an older version of painting ({error}): restore it, "
                "use that version, or start a new run."
            ) from error
        except (OSError, KeyError, TypeError) as error:
            raise TrainingError(f"{path} cannot be read: {error_reason(error)}.") from error

    def save_pictures(self, file_name: str, pictures: NDArray[np.uint8]) -> None:
        """Write a sample grid (H, W, 3) into pictures/."""
        self.pictures.mkdir(exist_ok=True)
        save_png(self.pictures / file_name, pictures)


def _check_version(run: Path, version: object) -> None:
    if version == RUN_VERSION:
        return
    is_newer = isinstance(version, int) and version > RUN_VERSION
    raise TrainingError(
        f"{run} was written by {'a newer' if is_newer else 'an older'} version of painting: use that version, or start "
        "a new run."
    )
