"""Snapshots in `saved/`: networks and sample rows at evenly spaced points of each stage; real pictures, final grids.

A snapshot is written before the checkpoint of the same step. So whatever is later than the checkpoint that a run
resumes from will be written again, and is removed until then.
"""

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from painting.atomic_file import remove
from painting.data.picture_set import PictureSet
from painting.errors import PaintingError, TrainingError
from painting.images import UInt8Array, decode_png, grid, save_png
from painting.training.rng import evenly_spaced_ids
from painting.training.run.checkpoint import Position
from painting.training.run.folder import RunFolder, dated
from painting.training.run.kept_network import load_mean, save_network
from painting.training.run.progress_picture import progress_picture
from painting.training.stage import Networks, Stage

REAL_PICTURES, REAL_COLUMNS = 64, 8
NETWORKS_FOLDER = "networks"
RANKING_FILE = "ranking.json"
"""The snapshots in the order in which they paint (`guard.ranking`)."""
KIMG_TOLERANCE = 0.0005
"""Thousands of images: half of the last digit in the name of a snapshot."""


class DamagedRowWarning(UserWarning):
    """A sample row of a snapshot cannot be read any more."""


def save_real_pictures(folder: Path, data: PictureSet) -> None:
    """Write a grid of real pictures, unless there is one; raises TrainingError where it cannot be written."""
    path = folder / "real.png"
    if path.exists():
        return
    count = REAL_PICTURES if data.count is None else min(REAL_PICTURES, data.count)
    try:
        folder.mkdir(exist_ok=True)
        save_png(path, grid(data.pictures(evenly_spaced_ids(count, data.count)), REAL_COLUMNS))
    except OSError as error:
        raise TrainingError(
            f"{path} cannot be written: {error.strerror or error}. Start the same command again."
        ) from error


class Snapshots:
    """Writes the snapshots of a run's stages, `count` of each, and their final grids.

    `pictures`: how many an epoch has; None: they are endless.
    """

    def __init__(self, folder: Path, stages: list[Stage], count: int, pictures: int | None = None) -> None:
        self.folder = folder
        self.stages = stages
        self.count = count
        self.pictures = pictures
        self.rows = folder / "rows"
        self.networks = folder / NETWORKS_FOLDER

    def is_due(self, stage: Stage, step: int) -> bool:
        """Whether a snapshot is due after a step."""
        return stage.is_point(step, self.count)

    def save(self, stage: Stage, images: int) -> None:
        """Write a snapshot: the stage's networks, its sample row, and the progress picture with that row added."""
        for folder in (self.rows, self.networks):
            folder.mkdir(parents=True, exist_ok=True)
        remove(self.folder / RANKING_FILE)  # it lacks this one
        for name, network in stage.snapshot_networks.items():
            save_network(self.networks / f"{self._file_stem(name, images)}.safetensors", network)
        row = stage.sample_row()
        if row is not None:
            save_png(self.rows / f"{self._file_stem(stage.name, images)}.png", grid(row, len(row)))
            self._draw_progress(stage)

    def finish(self, stage: Stage, sample_grid: UInt8Array | None) -> None:
        """Write the final sample grid (H, W, 3) of a stage, if it has any."""
        if sample_grid is not None:
            self.folder.mkdir(exist_ok=True)
            save_png(self._final_path(stage), sample_grid)

    def remove_after(self, stage_index: int, images: int) -> None:
        """Remove what a run writes again that resumes after this many images of a stage."""
        for part in self.folder.rglob(".*.part"):  # left by kills
            remove(part)
        for offset, stage in enumerate(self.stages[stage_index:]):
            remove(self.folder / RANKING_FILE)  # it is of other snapshots than the run will have
            last = images if offset == 0 else 0
            _remove_later(self.rows, stage.name, last)
            for name in stage.snapshot_networks:
                _remove_later(self.networks, name, last)
            remove(self._final_path(stage))
            if self.rows.is_dir():
                self._draw_progress(stage)

    def _file_stem(self, name: str, images: int) -> str:
        """The name of a snapshot's file, with the epoch where the pictures have any."""
        epoch = f"-epoch{images / self.pictures:.1f}" if self.pictures else ""
        return f"{dated(name, images)}{epoch}"

    def _final_path(self, stage: Stage) -> Path:
        return self.folder / f"{stage.name}-final.png"

    def _draw_progress(self, stage: Stage) -> None:
        """Draw all rows of a stage below one another."""
        path = self.folder / f"{stage.name}-progress.png"
        rows = {images: _read_row(row) for images, row in list_snapshots(self.rows, stage.name)}
        if readable := {images: row for images, row in rows.items() if row is not None}:
            save_png(path, progress_picture(readable))
        else:
            remove(path)


def save_inference_snapshot(run: RunFolder, networks: Networks, images: int) -> None:
    """Write a snapshot of the inference networks after so many images of their stage, 0: as it begins.

    Nothing is written where there is one.
    """
    folder = run.saved / NETWORKS_FOLDER
    if images in snapshot_images(folder, networks.inference_networks):
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, network in networks.inference_networks.items():
        save_network(folder / f"{dated(name, images)}.safetensors", network)


def restore_snapshots(run: RunFolder, networks: Networks, kimg: Sequence[float]) -> Position:
    """Load the snapshot of the inference networks after so many thousand images, of several the mean of their weights.

    Returns the run's position at the last. Raises TrainingError, which lists the snapshots, where there is none.
    """
    folder = run.saved / NETWORKS_FOLDER
    points = snapshot_images(folder, networks.inference_networks)
    images = sorted({_point_at(run, points, each) for each in kimg})
    for name, network in networks.inference_networks.items():
        paths = dict(list_snapshots(folder, name))
        load_mean([paths[point] for point in images], network)
    return _position_at(run, networks.first_sampling_stage, images[-1])


def _point_at(run: RunFolder, points: Sequence[int], kimg: float) -> int:
    """The images of the snapshot at so many thousand images."""
    images = next((point for point in points if abs(point / 1000 - kimg) <= KIMG_TOLERANCE), None)
    if images is None:
        listed = ", ".join(f"{point / 1000:g}" for point in points) or "none"
        raise TrainingError(f"{run.path} has no snapshot at {kimg:g} kimg. Snapshots: {listed}.")
    return images


def snapshot_images(folder: Path, names: Iterable[str]) -> list[int]:
    """The images trained on at each snapshot that holds all of these networks, fewest first."""
    points = [{images for images, _ in list_snapshots(folder, name)} for name in names]
    return sorted(set.intersection(*points))


def list_snapshots(folder: Path, name: str) -> list[tuple[int, Path]]:
    """The files under a name with the images trained on, oldest first."""
    return sorted(_find(folder, name))


def _find(folder: Path, name: str) -> Iterator[tuple[int, Path]]:
    for path in folder.glob(f"{name}-*"):
        if match := re.fullmatch(re.escape(name) + r"-(\d+\.\d{3})kimg(-epoch\d+\.\d)?\.\w+", path.name):
            yield round(1000 * float(match[1])), path


def _remove_later(folder: Path, name: str, last: int) -> None:
    for images, path in list_snapshots(folder, name):
        if images > last:
            remove(path)


def _read_row(path: Path) -> UInt8Array | None:
    """A row (H, W, 3); None, with a warning, where its file is damaged: no training should end for a picture."""
    try:
        return decode_png(path.read_bytes())
    except PaintingError:
        warnings.warn(
            f"{path} is damaged and left out of the progress picture. Remove it.", DamagedRowWarning, stacklevel=2
        )
        return None


def _position_at(run: RunFolder, stage_index: int, images: int) -> Position:
    """The position after so many images of a stage, by the line of stats.jsonl that was written there, if any were."""
    if images == 0:
        return Position(run.info().first_stage)
    for line in run.stats.read():
        if line["stage_index"] == stage_index and round(1000 * line["kimg"]) == images:
            return Position(stage_index, line["step"], 0, line["seconds"])
    raise TrainingError(f"{run.path}/stats.jsonl has no line for the snapshot at {images / 1000:g} kimg.")
