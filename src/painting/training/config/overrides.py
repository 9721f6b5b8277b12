"""What a user wants otherwise than the preset says, applied to it before a run begins."""

from dataclasses import dataclass

from painting.errors import TextEncoderError, TrainingError
from painting.text.catalog import find, is_installed
from painting.training.config.base import Preset
from painting.training.config.loader import preset_from_dict


@dataclass(frozen=True)
class Overrides:
    """None leaves the preset's value.

    `kimg` (thousands of images) or `epochs` (passes over the pictures) is the length of the last stage, `minutes` that
    of all stages that are left to train, which are timed before the run begins (`pace`); `snapshots`,
    `seed`, `text_encoder` (name or path) and `evaluate_every_kimg` stand for the preset's fields. `begin_from` names a
    painter: its weights are where the last stage begins, and the stages before it are left out.
    """

    kimg: float | None = None
    epochs: int | None = None
    snapshots: int | None = None
    seed: int | None = None
    text_encoder: str | None = None
    evaluate_every_kimg: float | None = None
    minutes: float | None = None
    begin_from: str | None = None

    def changed(self, preset: Preset) -> Preset:
        """The preset with all overrides but epochs, for which the pictures must be counted first.

        Raises TrainingError where they do not fit the preset, or one another.
        """
        lengths = {"--kimg": self.kimg, "--epochs": self.epochs, "--minutes": self.minutes}
        if len(given := [name for name, value in lengths.items() if value is not None]) > 1:
            raise TrainingError(f"{' and '.join(given)} say how long to train: leave all but one of them out.")
        values = preset.as_dict()
        if self.kimg is not None:
            values[preset.last_stage]["kimg"] = self.kimg
        if self.text_encoder is not None:
            values["data"]["text_encoder"] = _from_anywhere(self.text_encoder)
        named = {
            "snapshots": self.snapshots,
            "seed": self.seed,
            "evaluate_every_kimg": self.evaluate_every_kimg,
        }
        return preset_from_dict(values | {name: value for name, value in named.items() if value is not None})

    def lasting(self, preset: Preset, pictures: object) -> Preset:
        """The preset with as many images for its last stage as `epochs` passes over so many pictures are.

        `pictures` is what a picture set's summary says; raises TrainingError where that is no number.
        """
        if self.epochs is None:
            return preset
        if not isinstance(pictures, int):
            raise TrainingError(f"The preset {preset.name} draws endless pictures, which make no epoch: take --kimg.")
        values = preset.as_dict()
        values[preset.last_stage]["kimg"] = self.epochs * pictures / 1000
        return preset_from_dict(values)


def _from_anywhere(text_encoder: str) -> str:
    """A path in full, so that a run goes on from any working directory; a name, or what is not there, as it is."""
    try:
        return text_encoder if is_installed(text_encoder) else str(find(text_encoder).resolve())
    except TextEncoderError:
        return text_encoder  # told of when it is loaded
