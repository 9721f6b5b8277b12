"""Time budget: measures the throughput of a preset's stages on this device, and fits their lengths to the minutes."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import mean
from typing import Any

import torch

from painting.errors import TrainingError
from painting.progress import TaskProgressCallback, describe_duration, no_progress
from painting.training.config.base import Preset
from painting.training.rng import RngKey
from painting.training.run.checkpoint import Position, TrainingState, save_checkpoint
from painting.training.stage import Recipe, Stage

WARMUP_STEPS = 2
MAX_TRIAL_SECONDS = 10.0
"""Of all steps of a stage on a CPU: where they last longer, the newest one is the measurement."""
TIMED_SECONDS = 2.0
"""How long each stage is timed to fit a run to minutes, at least one step."""
TRAINING_FRACTION = 0.93
"""The fraction of the minutes for steps and setup; the rest is for saving, sampling and plots."""


class TooFewMinutes(TrainingError):
    """A time in which training would not help; the message has the minutes that suffice."""


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
    before the run has begun. `report` is called before every step, and may raise to stop.
    """
    throughputs = []
    for done, stage in enumerate(stages):
        report_step = partial(report, f"trying some steps of {stage.name}, to time the run", done, len(stages))
        throughputs.append(_measure(recipe, stage, timed_seconds, snapshots, folder, report_step))
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
    is_warm_start: bool = False,
) -> Preset:
    """The preset with the lengths of the timed stages scaled by one factor, so that all take so many minutes.

    Warm-ups and the EMA's half-life stay: they protect what a stage begins with, however long it lasts.
    `reserved_seconds` of them have passed, or are for other work. Raises TooFewMinutes, with those that suffice,
    where a stage would be below the preset's `min_kimg`.
    """
    step_seconds = sum(1000 * _table(preset, each)["kimg"] / each.images_per_second for each in throughputs)
    other_seconds = sum(each.other_seconds for each in throughputs) + reserved_seconds
    factor = (60 * minutes * TRAINING_FRACTION - other_seconds) / step_seconds
    min_factor = max(preset.min_kimg(each.stage, is_warm_start) / _table(preset, each)["kimg"] for each in throughputs)
    if factor < min_factor:
        sufficient = math.ceil((min_factor * step_seconds + other_seconds) / (60 * TRAINING_FRACTION))
        raise TooFewMinutes(
            f"--minutes {minutes:g} is too few to help: on this machine the shortest useful run of {preset.name} takes "
            f"{sufficient} min. Take --minutes {sufficient} or more."
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
    passed = f"{minutes:g} min, of which {describe_duration(passed_seconds)} have passed"
    return f"Fitted to {passed}: {'; '.join(stages)}.{evaluation}"


def _table(preset: Preset, throughput: Throughput) -> dict[str, Any]:
    """The keys of a timed stage."""
    table: dict[str, Any] = vars(getattr(preset, throughput.stage))
    return table


def _scaled(kimg: float, factor: float) -> float:
    """The scaled length, rounded to thousandths of a kimg, which are whole images; at least one image."""
    return round(kimg * factor, 3) or 0.001


def _measure(
    recipe: Recipe,
    stage: Stage,
    timed_seconds: float,
    snapshots: int,
    folder: Path,
    report_step: Callable[[], None],
) -> Throughput:
    report_step()
    setup_seconds = stage.prepare_timing()
    last = RngKey(0, stage.name, max(0, stage.total_images // stage.batch - 1))  # where all losses take part

    def step() -> None:
        report_step()
        recipe.step(stage, last)

    seconds = _mean_seconds(step, recipe.device, timed_seconds)
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
    """The mean duration of a call after warm-up, measured for so long, at least once."""
    max_seconds = MAX_TRIAL_SECONDS if device.type == "cpu" else math.inf  # elsewhere the first step may be compiled
    seconds: list[float] = []
    while len(seconds) <= WARMUP_STEPS or sum(seconds[WARMUP_STEPS:]) < timed_seconds:
        start = time.perf_counter()
        act()
        _synchronize(device)
        seconds.append(time.perf_counter() - start)
        if sum(seconds) >= max_seconds:
            break
    return mean(seconds[WARMUP_STEPS:] or seconds[-1:])


def _synchronize(device: torch.device) -> None:
    """Wait for the device to finish its queued work."""
    if device.type != "cpu":
        torch.get_device_module(device.type).synchronize()
