"""Overrides: values that replace a preset's when a run starts, from the command line or from Python."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from painting.errors import TextEncoderError, TrainingError
from painting.text.catalog import find, is_installed
from painting.training.config.base import Preset

FROM_NOTHING = "nothing"
"""In place of the weights to begin with: random ones."""
TICK_MINUTES = 2.0
"""Between ticks of a run that is fitted to minutes: a sample grid takes seconds, of a prior on one core fifteen."""
MIN_TICKS = 4
"""Of each stage in a run that is fitted to minutes."""


@dataclass(frozen=True)
class Overrides:
    """What replaces a preset's values; None leaves them.

    `kimg` (thousands of images) or `epochs` (passes over the pictures) is the length of the last stage; `minutes` the
    time that all stages take together, which are timed before the run starts (`time_budget`). `text_encoder`: a name
    or path. `warm_start` names a painter, a base file or `nothing`; None: the bundled base.
    `start_time`: when the minutes began, by `time.monotonic`. `keys`: any other keys of the preset, a mapping for some
    keys of a table.
    """

    kimg: float | None = None
    epochs: int | None = None
    minutes: float | None = None
    text_encoder: str | None = None
    warm_start: str | None = None
    start_time: float = field(default_factory=time.monotonic, compare=False)
    keys: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_warm_start(self) -> bool:
        """Whether weights to begin with are named."""
        return self.warm_start not in (None, FROM_NOTHING)

    @property
    def lengths(self) -> dict[str, float]:
        """The lengths that are given, by their options."""
        options = {"--kimg": self.kimg, "--epochs": self.epochs, "--minutes": self.minutes}
        return {name: value for name, value in options.items() if value is not None}

    @property
    def passed_minutes(self) -> float:
        """The minutes since `start_time`."""
        return (time.monotonic() - self.start_time) / 60

    @classmethod
    def of(cls, **options: Any) -> "Overrides":
        """From keyword arguments: `Overrides.of(kimg=20, seed=3, prior={"batch": 8})`; None is left out."""
        given = {name: value for name, value in options.items() if value is not None}
        own = {name: given.pop(name) for name in [f.name for f in fields(cls)] if name in given and name != "keys"}
        return cls(**own, keys=given)

    def applied_to(self, preset: Preset) -> Preset:
        """The preset with all overrides but epochs, for which the pictures must be counted first.

        Raises TrainingError where they do not suit the preset, or one another.
        """
        if len(self.lengths) > 1:
            raise TrainingError(f"{' and '.join(self.lengths)} say how long to train: leave all but one of them out.")
        if fixed := {"name", "model"} & self.keys.keys():
            raise TrainingError(f"preset.{min(fixed)} cannot be overridden: it says which preset this is.")
        preset = preset.replaced(**self.keys)
        if self.kimg is not None:
            preset = preset.with_last_stage(self.kimg, self.is_warm_start)
        if self.text_encoder is not None:
            preset = preset.replaced(data={"text_encoder": _absolute(self.text_encoder)})
        return preset

    def with_ticks(self, preset: Preset, first_stage: int = 0) -> Preset:
        """The preset with the ticks and snapshots that suit stages which share the minutes; without minutes itself."""
        if self.minutes is None or not math.isfinite(self.minutes):
            return preset
        stages = len(preset.stage_tables) - first_stage
        ticks = max(MIN_TICKS, round(self.minutes / TICK_MINUTES / stages))
        return preset.replaced(**{"ticks": ticks, "snapshots": min(preset.snapshots, ticks), **self.keys})

    def with_epochs(self, preset: Preset, pictures: object) -> Preset:
        """The preset with a last stage of `epochs` passes over so many pictures.

        `pictures` is the count in a picture set's summary; raises TrainingError where that is no number, or too few.
        """
        if self.epochs is None:
            return preset
        if not isinstance(pictures, int):
            raise TrainingError(f"The preset {preset.name} draws endless pictures, which make no epoch: take --kimg.")
        return preset.with_last_stage(self.epochs * pictures / 1000, self.is_warm_start)


def _absolute(text_encoder: str) -> str:
    """A path in full, so that a run can be resumed from any working directory; a catalog name as it is."""
    try:
        return text_encoder if is_installed(text_encoder) else str(find(text_encoder).resolve())
    except TextEncoderError:
        return text_encoder  # reported when it is loaded
