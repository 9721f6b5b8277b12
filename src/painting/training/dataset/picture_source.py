"""Picture source: opens the picture set that a preset names, a captioned folder, drawn shapes or digits."""

from pathlib import Path

from painting.data.digits.dataset import Digits
from painting.data.folder.listing import Listing
from painting.data.folder.partition_names import Partition
from painting.data.partitions import read_partitions
from painting.data.picture_set import CaptionEncoder, PictureSet
from painting.data.prepared import prepare
from painting.data.shapes.dataset import Shapes
from painting.errors import DataError, TrainingError
from painting.progress import TaskProgressCallback, no_progress
from painting.text.encoder import TextEncoder
from painting.training.config.base import Preset

EVALUATION_PARTITIONS: tuple[Partition, ...] = ("validation", "test")
"""The partitions of a folder that a run can be evaluated on, the better first: it is not trained on them."""


def open_pictures(
    preset: Preset, source: Path | None, encoder: TextEncoder | None, report: TaskProgressCallback = no_progress
) -> PictureSet:
    """The picture set of a preset; `encoder` reads the captions, None: digits, which have none.

    Raises TrainingError where the source does not suit the preset, DataError where its pictures cannot be used.
    """
    settings = preset.data
    if encoder is None:
        return _open_digits(preset, source)
    if settings.source == "shapes":
        if source is not None:
            raise TrainingError(f"The preset {preset.name} draws its own pictures: leave out {source}.")
        return Shapes(settings.size, text_encoder=encoder, report=report)
    if source is None:
        raise TrainingError(f"The preset {preset.name} needs a captioned folder: painting train FOLDER --preset …")
    listing = _read_training(source, to_evaluate=preset.evaluate_every_kimg > 0)
    return prepare(
        listing,
        settings.size,
        settings.views,
        encoder,
        report=report,
        synonyms=settings.synonyms,
        alpha=settings.alpha,
    )


def open_held_out(
    preset: Preset, source: Path | None, encoder: CaptionEncoder | None
) -> tuple[Partition, PictureSet | None]:
    """The first partition of a folder that is held out, and its pictures, uncropped; None where nothing is."""
    partitions = read_partitions(source) if source is not None and encoder is not None else {}
    for partition in EVALUATION_PARTITIONS:
        if encoder is not None and partition in partitions:
            return partition, prepare(partitions[partition], preset.data.size, 1, encoder)
    return "train", None


def _open_digits(preset: Preset, source: Path | None) -> Digits:
    digits = Digits(source, "all")
    if digits.size != preset.data.size:
        raise TrainingError(
            f"The preset {preset.name} takes pictures of {preset.data.size} px; those in {source} have {digits.size}."
        )
    return digits


def _read_training(folder: Path, to_evaluate: bool) -> Listing:
    """The training partition of a folder; raises DataError where evaluation needs another one and there is none."""
    partitions = read_partitions(folder)
    if to_evaluate and partitions["train"].examples and not set(EVALUATION_PARTITIONS) & partitions.keys():
        raise DataError(
            f"nothing of '{folder}' is held out to evaluate the run on: hold some out with `painting data split "
            f"{folder}` before training, or leave out --evaluate-every-kimg"
        )
    return partitions["train"]
