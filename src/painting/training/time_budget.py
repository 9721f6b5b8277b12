"""Time budget: measures the throughput of a preset's stages on this device, and fits their lengths to the minutes."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from painting.errors import TrainingError
from painting.progress import TaskProgressCallback, describe_duration, no_progress
from painting.training.config.base import Preset
from painting.training.rng import RngKey
from painting.training.run.checkpoint import Position, TrainingState, save_checkpoint
from painting.training.stage import Recipe, Stage

WARMUP_STEPS = 2
TIMED_SECONDS = 2.0
"""How long each stage is timed to fit a run to minutes, at least one step."""
TRAINING_FRACTION = 0.93
"""The fraction of the minutes for steps and setup; the rest is for saving, sampling and plots."""
MIN_SCRATCH_FRACTION = 0.02
"""The fraction of a preset's lengths below which a run from random weights shows nothing: digits appear at 0.025."""


@dataclass(frozen=True)
class Throughput:
    """How fast one stage trains, and how long it takes besides: its setup, and all its snapshots."""

    stage: str
    images_per_second: float
    other_seconds: float


def measure_throughputs(
    recipe: Recipe,
    stages: Sequence[Stage],
    timed_seconds: float,
    snapshots: int,
    folder: Path,
    report: TaskProgressCallback = no_progress,
) -> list[Throughput]:
    """Time some steps of these stages of a recipe, and a checkpoint in a scratch folder; its networks change.

    Each stage will have so many snapshots. It is a rehearsal too: a stage that cannot train on this device fails here,
    before the run has begun.
    """
    throughputs = []
    for done, stage in enumerate(stages):
        report(f"trying some steps of {stage.name}", done, len(stages))
        throughputs.append(_measure(recipe, stage, timed_seconds, snapshots, folder))
    return throughputs


def stage_seconds(preset: Preset, throughputs: Sequence[Throughput]) -> dict[str, float]:
    """How long each of the timed stages takes at the preset's lengths, with its setup."""
    return {
        each.stage: round(each.other_seconds + 1000 * _table(preset, each)["kimg"] / each.images_per_second, 2)
        for each in throughputs
    }


def fit_to_minutes(
    preset: Preset,
    throughputs: Sequence[Throughput],
    minutes: float,
    reserved_seconds: float = 0.0,
    min_fraction: float = MIN_SCRATCH_FRACTION,
) -> Preset:
    """The preset with the lengths of the timed stages scaled by one factor, so that all take so many minutes.

    Warm-ups and the EMA's half-life stay: they protect what a stage begins with, however long it lasts.
    `reserved_seconds` of them have passed, or are for other work. Raises TrainingError, with the minutes that suffice,
    where the factor would be below `min_fraction`, or a stage below the preset's `min_kimg`.
    """
    step_seconds = sum(1000 * _table(preset, each)["kimg"] / each.images_per_second for each in throughputs)
    other_seconds = sum(each.other_seconds for each in throughputs) + reserved_seconds
    factor = (60 * minutes * TRAINING_FRACTION - other_seconds) / step_seconds
    shares = [preset.min_kimg(each.stage) / _table(preset, each)["kimg"] for each in throughputs]
    min_factor = max(min_fraction, *shares)
    if factor < min_factor:
        sufficient = math.ceil((min_factor * step_seconds + other_seconds) / (60 * TRAINING_FRACTION))
        raise TrainingError(
            f"{minutes:g} minutes are too few to help: on this machine the shortest useful run of {preset.name} takes "
            f"{sufficient}. Take --minutes {sufficient} or more."
        )
    return preset.replaced(
        **{each.stage: {"kimg": _scaled(_table(preset, each)["kimg"], factor)} for each in throughputs}
    )


def describe_fit(preset: Preset, throughputs: Sequence[Throughput], minutes: float, passed_seconds: float = 0.0) -> str:
    """A sentence with the measured throughputs and the lengths that were fitted to them."""
    stages = [
        f"{each.stage} {1000 * _table(preset, each)['kimg']:,.0f} images at {each.images_per_second:.1f} images/s"
        for each in throughputs
    ]
    evaluation = " Evaluations come on top." if preset.evaluate_every_kimg else ""
    passed = f"{minutes:g} minutes, of which {describe_duration(passed_seconds)} have passed"
    return f"Fitted to {passed}: {'; '.join(stages)}.{evaluation}"


def _table(preset: Preset, throughput: Throughput) -> dict[str, Any]:
    """The keys of a timed stage."""
    table: dict[str, Any] = vars(getattr(preset, throughput.stage))
    return table


def _scaled(kimg: float, factor: float) -> float:
    """The scaled length, rounded to thousandths of a kimg, which are whole images; at least one image."""
    return round(kimg * factor, 3) or 0.001


def _measure(recipe: Recipe, stage: Stage, timed_seconds: float, snapshots: int, folder: Path) -> Throughput:
    setup_seconds = stage.prepare_timing()
    last = RngKey(0, stage.name, max(0, stage.total_images // stage.batch - 1))  # where all losses take part
    seconds = _mean_seconds(lambda: recipe.step(stage, last), recipe.device, timed_seconds)
    other_seconds = setup_seconds + snapshots * _snapshot_seconds(recipe, stage, folder)
    return Throughput(stage.name, stage.batch / seconds, other_seconds)


def _snapshot_seconds(recipe: Recipe, stage: Stage, folder: Path) -> float:
    """How long it takes to draw a stage's samples and to save the run."""
    start = time.perf_counter()
    stage.sample_grid()
    stage.sample_row()
    save_checkpoint(folder, TrainingState(recipe.networks.named, stage.optimizers), Position())
    return time.perf_counter() - start


def _mean_seconds(act: Callable[[], object], device: torch.device, timed_seconds: float) -> float:
    """The mean duration of a call, measured for so long, at least once."""
    for _ in range(WARMUP_STEPS):
        act()
    _synchronize(device)
    start = time.perf_counter()
    count = 0
    while count == 0 or time.perf_counter() - start < timed_seconds:
        act()
        _synchronize(device)
        count += 1
    return (time.perf_counter() - start) / count


def _synchronize(device: torch.device) -> None:
    """Wait for the device to finish its queued work."""
    if device.type != "cpu":
        torch.get_device_module(device.type).synchronize()
