"""Run length: times the stages of a new run, fits them to minutes, and says how long they take from random weights."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from painting.progress import TaskProgressCallback, no_progress
from painting.training.config.overrides import Overrides
from painting.training.dataset.batches import TrainingData
from painting.training.registry import build_recipe
from painting.training.run.folder import RunInfo
from painting.training.time_budget import (
    TIMED_SECONDS,
    Throughput,
    describe_fit,
    fit_to_minutes,
    measure_throughputs,
    stage_seconds,
)

EXTRA_SAMPLE_GRIDS = 2
"""As a stage begins, and at its first tick."""


def timed(
    info: RunInfo,
    data: TrainingData,
    overrides: Overrides,
    reserved_seconds: float = 0.0,
    report: TaskProgressCallback = no_progress,
) -> tuple[RunInfo, str | None]:
    """The run with its stages timed and, where there are minutes, fitted to those, with the sentence on that.

    `reserved_seconds` of the minutes are for other work. Raises TrainingError where they are too few to help.
    """
    minutes = overrides.minutes
    is_warm = info.warm_start is not None
    if minutes is None and (data.device.type != "cpu" or _is_one_stage(info)):
        return info, None  # compiling twice takes longer than knowing the time is worth; a stage soon knows its own
    throughputs = _throughputs(info, data, info.first_stage, 0.0 if minutes is None else TIMED_SECONDS, report)
    if minutes is None:
        return replace(info, stage_seconds=stage_seconds(info.preset, throughputs)), None
    passed = 60 * overrides.passed_minutes
    preset = fit_to_minutes(info.preset, throughputs, minutes, passed + reserved_seconds, is_warm)
    fitted = replace(info, preset=preset, stage_seconds=stage_seconds(preset, throughputs))
    return fitted, describe_fit(preset, throughputs, minutes, passed)


def scratch_minutes(info: RunInfo, data: TrainingData, report: TaskProgressCallback = no_progress) -> float:
    """The minutes that all stages of a run take on this machine at its preset's lengths."""
    throughputs = _throughputs(info, data, first_stage=0, timed_seconds=0.0, report=report)
    return sum(stage_seconds(info.preset, throughputs).values()) / 60


def _is_one_stage(info: RunInfo) -> bool:
    return len(info.preset.stage_tables) - info.first_stage == 1


def _throughputs(
    info: RunInfo, data: TrainingData, first_stage: int, timed_seconds: float, report: TaskProgressCallback
) -> list[Throughput]:
    """Time the stages that a run trains, in a scratch folder."""
    with TemporaryDirectory() as name:
        scratch = Path(name)
        recipe = build_recipe(info.preset, replace(data, folder=scratch))
        grids = max(info.preset.ticks, info.preset.snapshots) + EXTRA_SAMPLE_GRIDS
        return measure_throughputs(recipe, recipe.stages[first_stage:], timed_seconds, grids, scratch, report)
