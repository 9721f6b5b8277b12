"""Run setup: opens a new run, or an existing one with the same data and settings that it started with.

The one way into training, for the command line, notebooks and Python:

    open_run ─┬─ start_run:  preset → overrides → data → warm start → time budget → recipe → run folder
              └─ resume_run: run folder → preset → data, checked by its hash → recipe
"""

import os
import platform
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from rich.console import Console

from painting import __version__
from painting.errors import TrainingError
from painting.progress import TaskProgressCallback, no_progress
from painting.text.encoder import TextEncoder
from painting.training.config.base import Preset
from painting.training.config.overrides import Overrides
from painting.training.dataset.batches import TrainingData
from painting.training.dataset.picture_source import open_pictures
from painting.training.device import select_device
from painting.training.guard.collapse import Collapsed, SampleWatch
from painting.training.guard.measurement import PictureDistance
from painting.training.guard.warm_start_guard import WarmStartGuard
from painting.training.loop import Display, Trainer
from painting.training.preset_loader import load_preset
from painting.training.registry import build_recipe
from painting.training.run.checkpoint import load_position
from painting.training.run.disk import disk_bytes
from painting.training.run.folder import RunFolder, RunInfo
from painting.training.run.known_captions import save_known_captions
from painting.training.run.naming import no_run_error
from painting.training.run.periodic_evaluation import Measure, PeriodicEvaluation
from painting.training.run.plan import plan
from painting.training.run.progress import TerminalDisplay
from painting.training.run.snapshots import save_real_pictures
from painting.training.run.text_encoder import encoder_of_run
from painting.training.run_length import timed
from painting.training.stage import Recipe
from painting.training.start.default_preset import default_preset
from painting.training.start.find_start import find_start

DEFAULT_MINUTES = 60.0
"""Of a run with neither a preset nor a length: pictures follow their prompts by then, and it is not too long to try."""


@dataclass(frozen=True)
class OpenRun:
    """A run that is ready to train: its folder, its info, its data, and its networks with their stages.

    `source`: the folder of its pictures, None for generated data. `remarks`: sentences on how it was begun, on the
    likeness of its pictures to a warm start's and on its measured throughput. `guard`: of a warm start.
    """

    folder: RunFolder
    info: RunInfo
    source: Path | None
    data: TrainingData
    recipe: Recipe
    remarks: tuple[str, ...] = ()
    guard: WarmStartGuard | None = None

    def with_plan(self, minutes: float, passed_minutes: float) -> "OpenRun":
        """The run with the table of its stages in minutes as a remark."""
        stages = self.recipe.stages[self.info.first_stage :]
        table = plan(stages, self.info.stage_seconds, minutes, passed_minutes)
        return replace(self, remarks=(*self.remarks, table))

    def describe(self) -> str:
        """What is about to be trained, from what, on what, where, and how its length was fitted; one line each."""
        preset = self.info.preset
        summary = self.info.dataset.summary
        reasons = "; ".join(f"{count} {reason}" for reason, count in summary.get("skipped_why", {}).items())
        details = f": {reasons} (`painting data check` lists them)" if reasons else ""
        start = f", starting from {self.info.warm_start['painter']}" if self.info.warm_start else ""
        alpha = " with transparency" if preset.data.alpha else ""
        sentences = (
            f"Training {preset.name} on {summary['pictures']} pictures of {preset.data.size} px{alpha} in "
            f"{self.folder.path}{start}, {summary['skipped']} skipped{details}.",
            *self.remarks,
            f"{self._disk_sentence()} Sample grids are added to {self.folder.pictures} as each stage begins and at "
            f"{preset.ticks} points of it; plots and snapshots are in {self.folder.saved}.",
        )
        return "\n".join(filter(None, sentences))

    def _disk_sentence(self) -> str:
        needed = disk_bytes(self.recipe, self.recipe.stages[self.info.first_stage :], self.info.preset.snapshots)
        free = shutil.disk_usage(self.folder.path).free
        warning = f", more than the {free / 1e6:,.0f} MB that are free" if free < needed else ""
        return f"It takes up to about {needed / 1e6:,.0f} MB of disk{warning}."

    def display(self, console: Console) -> TerminalDisplay:
        """Its progress on a terminal or in a log."""
        stage_seconds = self.info.stage_seconds
        return TerminalDisplay(self.recipe.stages, console, self.folder.pictures, stage_seconds, self.info.first_stage)

    def train(self, display: Display, measure: Measure | None = None) -> bool:
        """Train to the end, evaluated by `measure` every `evaluate_every_kimg` of the preset.

        Returns whether it did, and a warm start ended no worse than it began, and near its pictures; False for a run
        that was complete already. Raises `loop.Interrupted` when the user stopped the run, Collapsed when its samples
        did, TrainingError when it cannot go on.
        """
        preset = self.info.preset
        count = self.info.dataset.summary["pictures"]
        pictures = count if isinstance(count, int) else None  # drawn ones are "endless"
        trainer = Trainer(self.recipe, self.folder, preset.seed, preset.ticks, display, preset.snapshots, pictures)
        try:
            has_trained = trainer.train(self._evaluation(measure), SampleWatch.of(self.data.pictures))
        except Collapsed as error:
            if self.guard is None:
                raise
            start = self.guard.record_collapse(self.folder).painter
            raise Collapsed(f"{error} `painting export` takes the start, {start}.") from error
        if self.guard is None:
            return has_trained
        display.message("Comparing the run with the painter that it began from …")
        comparison = self.guard.compare_end(self.folder, self.recipe.networks)
        display.message(comparison.end_sentence(self.folder))
        return has_trained and comparison.is_success

    def _evaluation(self, measure: Measure | None) -> PeriodicEvaluation | None:
        every_images = round(1000 * self.info.preset.evaluate_every_kimg)
        if every_images == 0:
            return None
        if measure is None:
            raise TrainingError(
                f"The run in {self.folder.path} is evaluated as it trains: give train() a `measure`, such as "
                "painting.evaluation.quick.QuickEvaluation."
            )
        return PeriodicEvaluation(self.recipe, self.info.dataset, self.data.encoder, every_images, measure)


def open_run(
    run: Path,
    source: Path | None = None,
    preset: str | None = None,
    overrides: Overrides | None = None,
    device: str | None = None,
    threads: int | None = None,
    report: TaskProgressCallback = no_progress,
    distance: PictureDistance | None = None,
) -> OpenRun:
    """Resume the run in this folder, or start a new one there.

    `source`: the folder of the pictures; of an existing run, where they are now, if they have moved. `preset`: a name
    or a .toml file (new runs). `device` and `threads`: None takes those that the run started with, or the machine's.
    `report` counts what is got ready. `distance` compares a warm start with its start. Raises TrainingError, DataError
    or TextEncoderError.
    """
    overrides = overrides or Overrides()
    folder = RunFolder(run)
    if not folder.exists():
        chosen = _set_up_machine(device, threads)
        if preset is not None:
            return start_run(run, load_preset(preset), source, chosen, report, overrides, distance)
        return _start_by_default(run, source, chosen, report, overrides, distance)
    if preset or overrides != Overrides(text_encoder=overrides.text_encoder):
        raise TrainingError(
            f"{run} is a run already, with its own settings: resume it without --preset, --kimg, --epochs, "
            "--minutes, --snapshots, --seed, --evaluate-every-kimg, --from or other overrides, or name another folder "
            "with --run."
        )
    # Another device, or another number of threads, would sum in another order and end with other last digits.
    environment = folder.info().environment
    chosen = _set_up_machine(device or environment.get("device"), threads or environment.get("threads"))
    return resume_run(run, source, chosen, report, overrides.text_encoder, distance)


def _start_by_default(
    run: Path,
    source: Path | None,
    device: torch.device,
    report: TaskProgressCallback,
    overrides: Overrides,
    distance: PictureDistance | None,
) -> OpenRun:
    """Start a run without a preset: in the size that suits the device, and where no length is given, of an hour."""
    if source is None:
        raise no_run_error(RunFolder(run))
    preset = default_preset(device, source, overrides.warm_start)
    if overrides.lengths:
        return start_run(run, preset, source, device, report, overrides, distance)
    overrides = replace(overrides, minutes=DEFAULT_MINUTES)
    opened = start_run(run, preset, source, device, report, overrides, distance)
    remark = f"No length is given, so that it takes {DEFAULT_MINUTES:g} minutes: --minutes sets another."
    return replace(opened, remarks=(remark, *opened.remarks))


def start_run(
    run: Path,
    preset: Preset,
    source: Path | None,
    device: torch.device,
    report: TaskProgressCallback = no_progress,
    overrides: Overrides | None = None,
    distance: PictureDistance | None = None,
) -> OpenRun:
    """Prepare the pictures, and make the run's folder and its networks."""
    folder = RunFolder(run)
    overrides = overrides or Overrides()
    folder.check_free()  # before minutes go into preparing pictures
    preset = overrides.applied_to(preset)
    encoder = TextEncoder.load(preset.data.text_encoder) if preset.data.text_encoder is not None else None
    warm_start = find_start(overrides.warm_start, preset, encoder, distance)
    pictures = open_pictures(preset, source, encoder, report)
    data = TrainingData.of(pictures, encoder, device, run)
    if warm_start:
        data = replace(data, info=warm_start.with_statistics(data.info))
    info = RunInfo(
        preset=overrides.with_epochs(preset, data.info.summary["pictures"]),
        source=None if source is None else str(source.resolve()),
        dataset=data.info,
        environment=_environment(device),
    )
    begun = None
    if warm_start:
        begun = warm_start.begin(info, data, distance, overrides.minutes, report)
        begun, time_fit = begun.timed(data, overrides, report)
        info = begun.info
    else:
        info = replace(info, preset=overrides.with_ticks(info.preset))
        info, time_fit = timed(info, data, overrides, 0.0, report)
    recipe = build_recipe(info.preset, data)
    folder.create(info)  # only now that nothing can be missing or inconsistent any more
    if begun:
        begun.save(folder)
    save_real_pictures(folder.saved, pictures)
    save_known_captions(folder.path, pictures, encoder)
    measured = begun.measured if begun else None
    remarks = (measured.likeness if measured else None, time_fit)
    guard = measured.guard if measured else None
    opened = OpenRun(folder, info, source, data, recipe, tuple(filter(None, remarks)), guard)
    return opened if overrides.minutes is None else opened.with_plan(overrides.minutes, overrides.passed_minutes)


def resume_run(
    run: Path,
    source: Path | None,
    device: torch.device,
    report: TaskProgressCallback = no_progress,
    text_encoder: str | None = None,
    distance: PictureDistance | None = None,
) -> OpenRun:
    """Open a run at its newest checkpoint; `source` and `text_encoder` say where these are now, if they have moved.

    Raises TrainingError where the pictures, captions or text encoder are not those that it started with.
    """
    folder = RunFolder(run)
    info = folder.info()
    if info.warm_start and load_position(folder.checkpoints) is None:
        raise TrainingError(
            f"{run} was stopped before it had loaded the weights of {info.warm_start['painter']}: "
            "remove it and start a new run."
        )
    encoder = encoder_of_run(info, text_encoder)
    if source is None and info.source is not None:
        source = Path(info.source)
    pictures = open_pictures(info.preset, source, encoder, report)
    if pictures.content_hash != info.dataset.content_hash:
        raise TrainingError(
            f"The pictures or captions have changed since {run} started, so it cannot be resumed exactly: "
            "restore them, or start a new run in another folder with --run."
        )
    save_real_pictures(folder.saved, pictures)
    save_known_captions(folder.path, pictures, encoder)
    data = TrainingData(pictures, encoder, info.dataset, device, run)
    guard = WarmStartGuard.of(info.preset, source, data, distance) if folder.comparison.exists() else None
    return OpenRun(folder, info, source, data, build_recipe(info.preset, data), guard=guard)


def _set_up_machine(device: str | None, threads: int | None) -> torch.device:
    if threads:
        torch.set_num_threads(threads)
    return select_device(device or "auto")


def _environment(device: torch.device) -> dict[str, Any]:
    return {
        "painting": __version__,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "device": str(device),
        "threads": torch.get_num_threads(),
        "cores": os.cpu_count(),
    }
