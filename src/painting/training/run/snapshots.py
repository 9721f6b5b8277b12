"""What a run keeps for good in `saved/`: real pictures, rows and networks of its record points, final grids, plots.

A stage's record points are evenly spaced in images. What belongs to one is written before the checkpoint of that very
step, so what is later than the checkpoint that a run goes on from will be made again, and is removed until then.
"""

import re
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

from safetensors.torch import save
from torch import nn

from painting.atomic_file import write_atomic
from painting.data.picture_set import PictureSet
from painting.errors import PaintingError, TrainingError
from painting.images import UInt8Array, decode_png, grid, save_png
from painting.training.rng import evenly_spaced_ids
from painting.training.run.progress_picture import progress_picture
from painting.training.stage import Stage

REAL, REAL_COLUMNS = 64, 8
NETWORKS = "networks"
"""The folder of the networks that record points keep."""


class RowDamaged(UserWarning):
    """A row of pictures that was kept cannot be read any more."""


def is_record_point(step: int, stage: Stage, checkpoints: int) -> bool:
    """Whether the `step`-th step of a stage passes one of its `checkpoints` points; its last step passes the last."""
    total = max(1, stage.total_images)
    before, now = (min(steps * stage.batch, total) * checkpoints // total for steps in (step - 1, step))
    return now > before


def save_real_pictures(folder: Path, data: PictureSet) -> None:
    """Write a grid of real pictures, unless it is there; raises TrainingError where it cannot be written."""
    path = folder / "real.png"
    if path.exists():
        return
    wanted = REAL if data.count is None else min(REAL, data.count)
    try:
        folder.mkdir(exist_ok=True)
        save_png(path, grid(data.pictures(evenly_spaced_ids(wanted, data.count)), REAL_COLUMNS))
    except OSError as error:
        raise TrainingError(
            f"{path} cannot be written: {error.strerror or error}. Start the same command again."
        ) from error


class Snapshots:
    """Writes what belongs to record points and stages' ends."""

    def __init__(self, folder: Path, stages: list[Stage], checkpoints: int) -> None:
        self.folder, self.stages, self.checkpoints = folder, stages, checkpoints
        self.rows, self.networks = folder / "rows", folder / NETWORKS

    def is_due(self, stage: Stage, step: int) -> bool:
        """Whether something is to be kept after a step."""
        return is_record_point(step, stage, self.checkpoints)

    def keep(self, stage: Stage, images: int) -> UInt8Array | None:
        """Write a record point's row and networks; the row (H, W, 3) where the stage shows one."""
        for folder in (self.rows, self.networks):
            folder.mkdir(parents=True, exist_ok=True)
        for name, network in stage.snapshot_networks.items():
            write_atomic(kept_under(self.networks, name, images), _tensors(network))
        pictures = stage.sample_row()
        if pictures is None:
            return None
        row = grid(pictures, len(pictures))
        save_png(self.rows / f"{_named(stage.name, images)}.png", row)
        self._assemble(stage)
        return row

    def finish(self, stage: Stage, pictures: UInt8Array | None) -> None:
        """Write the last grid (H, W, 3) of a stage, if it shows any."""
        if pictures is not None:
            self.folder.mkdir(exist_ok=True)
            save_png(self._final(stage), pictures)

    def forget_after(self, index: int, images: int) -> None:
        """Remove what a run will make again that goes on from this many images of the stage with this index."""
        for part in self.folder.rglob(".*.part"):  # what kills have left
            part.unlink()
        for place, stage in enumerate(self.stages[index:]):
            seen = 0 if place else images
            _forget(self.rows, stage.name, seen)
            for name in stage.snapshot_networks:
                _forget(self.networks, name, seen)
            self._final(stage).unlink(missing_ok=True)
            if self.rows.is_dir():
                self._assemble(stage)

    def _final(self, stage: Stage) -> Path:
        return self.folder / f"{stage.name}-final.png"

    def _assemble(self, stage: Stage) -> None:
        """Put all rows of a stage below one another."""
        path = self.folder / f"{stage.name}-progress.png"
        rows = {images: _read(row) for images, row in _points(self.rows, stage.name)}
        if whole := {images: row for images, row in rows.items() if row is not None}:
            save_png(path, progress_picture(whole))
        else:
            path.unlink(missing_ok=True)


def _named(name: str, images: int) -> str:
    """Names what was kept after so many images, exactly, so that no two share a name; they sort by age."""
    return f"{name}-{images / 1000:010.3f}kimg"


def _points(folder: Path, name: str) -> list[tuple[int, Path]]:
    """What is kept under a name, with the images seen then, oldest first."""
    return sorted(_found(folder, name))


def kept_points(folder: Path, names: Iterable[str]) -> list[int]:
    """The images seen at which all of these networks were kept, fewest first."""
    found = [{images for images, _ in _points(folder, name)} for name in names]
    return sorted(set.intersection(*found))


def kept_under(folder: Path, name: str, images: int) -> Path:
    """The file of one network of one record point."""
    return folder / f"{_named(name, images)}.safetensors"


def _found(folder: Path, name: str) -> Iterator[tuple[int, Path]]:
    for path in folder.glob(f"{name}-*"):
        if match := re.fullmatch(re.escape(name) + r"-(\d+\.\d{3})kimg\.\w+", path.name):
            yield round(1000 * float(match[1])), path


def _forget(folder: Path, name: str, images: int) -> None:
    for seen, path in _points(folder, name):
        if seen > images:
            path.unlink()


def _read(row: Path) -> UInt8Array | None:
    """A row (H, W, 3); None, with a warning, where its file is damaged: no training should end for a picture."""
    try:
        return decode_png(row.read_bytes())
    except PaintingError:
        warnings.warn(f"{row} is damaged: the progress picture does without it. Remove it.", RowDamaged, stacklevel=2)
        return None


def _tensors(network: nn.Module) -> bytes:
    return save({name: tensor.contiguous() for name, tensor in network.state_dict().items()})
