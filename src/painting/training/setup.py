"""From a command's overrides to a run that can train: new, or resumed with the very data and settings it began with."""

import os
import platform
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

from painting import __version__
from painting.data.cache import default_cache
from painting.data.digits.dataset import Digits
from painting.data.prepared import prepare
from painting.data.shapes.dataset import Shapes
from painting.errors import TrainingError
from painting.progress import ProgressCallback
from painting.text.encoder import TextEncoder
from painting.training.config.base import Preset
from painting.training.config.overrides import Overrides
from painting.training.dataset_info import DatasetInfo
from painting.training.registry import Source, build_recipe
from painting.training.run.checkpoint import load_position
from painting.training.run.folder import RunFolder, RunInfo
from painting.training.run.snapshots import save_real_pictures
from painting.training.run.text_encoder import encoder_of_run
from painting.training.stage import Recipe
from painting.training.time_budget import fitted, measure_throughputs, told
from painting.training.warm_start import WarmStart, save_beginning

DEVICES = ("cpu", "cuda", "mps")


@dataclass(frozen=True)
class OpenRun:
    """A run made ready: its folder, what it trains on, and its networks with their stages."""

    folder: RunFolder
    info: RunInfo
    recipe: Recipe
    fitted: str | None = None
    """What was measured and planned, where a run was fitted to minutes."""

    @property
    def first_stage(self) -> int:
        """The index of the first stage that is trained."""
        return _first_stage(self.info, self.recipe)


def begin_run(
    folder: Path,
    preset: Preset,
    source: Path | None,
    device: torch.device,
    report: ProgressCallback | None = None,
    overrides: Overrides | None = None,
) -> OpenRun:
    """Read the pictures, make the run's folder and its networks; `report` hears how many pictures are prepared."""
    run, overrides = RunFolder(folder), overrides or Overrides()
    run.check_free()  # before minutes go into preparing pictures
    preset = overrides.changed(preset)
    beginning = WarmStart.of(overrides.begin_from, preset)
    named = preset.data.text_encoder
    opened = _open_source(preset, source, TextEncoder.load(named) if named is not None else None, report)
    facts = DatasetInfo.of(opened.data)
    info = RunInfo(
        preset=overrides.lasting(preset, facts.summary["pictures"]),
        source=None if source is None else str(source.resolve()),
        dataset=beginning.facts(facts) if beginning else facts,
        environment=_environment(device),
        warm_start=beginning.told() if beginning else None,
    )
    info, fitting = _fitted(info, opened, device, overrides.minutes)
    recipe = build_recipe(info.preset, info.dataset, opened, device, run.path)
    begun = beginning.networks(info.preset, info.dataset) if beginning else None
    run.create(info)  # not before all that may be missing or not fit has been asked for
    if begun:
        save_beginning(run, begun)
    save_real_pictures(run.saved, opened.data)
    return OpenRun(run, info, recipe, fitting)


def _fitted(info: RunInfo, source: Source, device: torch.device, minutes: float | None) -> tuple[RunInfo, str | None]:
    """A run fitted to the minutes there are, if it is asked for, and what was measured for that."""
    if minutes is None:
        return info, None
    with TemporaryDirectory() as scratch:
        recipe = build_recipe(info.preset, info.dataset, source, device, Path(scratch))
        throughputs = measure_throughputs(recipe, recipe.stages[_first_stage(info, recipe) :])
    preset = fitted(info.preset, throughputs, minutes)
    return replace(info, preset=preset), told(preset, throughputs, minutes)


def _first_stage(info: RunInfo, recipe: Recipe) -> int:
    return recipe.networks.first_sampling_stage if info.warm_start else 0


def resume_run(
    folder: Path,
    source: Path | None,
    device: torch.device,
    report: ProgressCallback | None = None,
    text_encoder: str | None = None,
) -> OpenRun:
    """Open a run where it stands; `source` and `text_encoder` say where its pictures and what reads their captions are
    now, if they have moved.

    Raises TrainingError when the pictures, captions or text encoder are not those it began with.
    """
    run = RunFolder(folder)
    info = run.info()
    if info.warm_start and load_position(run.checkpoints) is None:
        raise TrainingError(
            f"{folder} was stopped before it had taken the weights of the painter {info.warm_start['painter']}. "
            "Remove it and begin anew."
        )
    encoder = encoder_of_run(info, text_encoder)
    opened = _open_source(info.preset, source or (Path(info.source) if info.source else None), encoder, report)
    if opened.data.content_hash != info.dataset.content_hash:
        raise TrainingError(
            f"The pictures or captions have changed since {folder} began, so it cannot go on exactly. "
            "Bring the old ones back, or start a new run."
        )
    save_real_pictures(run.saved, opened.data)
    return OpenRun(run, info, build_recipe(info.preset, info.dataset, opened, device, run.path))


def choose_device(name: str) -> torch.device:
    """auto: the first GPU that torch can use, else the CPU; otherwise cpu, cuda, cuda:1, mps."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        if name.partition(":")[0] not in DEVICES:  # torch names many more, and even one that computes nothing
            raise RuntimeError("there is no such device to train on")
        device = torch.device(name)
        torch.zeros(1, device=device)
        count = torch.get_device_module(device.type).device_count()
        if 0 < count <= (device.index or 0):  # torch lays tensors on a processor of any number
            raise RuntimeError(f"there {'is' if count == 1 else 'are'} {count} of its kind here, counted from 0")
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0].split(". ")[0].rstrip(".")
        if isinstance(error, NotImplementedError):  # it names what lacks, in its own innermost words
            reason = "this torch cannot compute there"
        raise TrainingError(
            f"The device {name!r} cannot be used: {reason}. Take auto, cpu, cuda, cuda:1 or mps."
        ) from error
    return device


def _open_source(
    preset: Preset, source: Path | None, encoder: TextEncoder | None, report: ProgressCallback | None
) -> Source:
    settings = preset.data
    if encoder is None:  # digits have no captions, all other pictures do
        digits = Digits(source, "all")
        if digits.size != settings.size:
            raise TrainingError(
                f"The preset {preset.name} takes pictures of {settings.size} px; those in {source} have {digits.size}."
            )
        return Source(digits, None)
    if settings.source == "shapes":
        if source is not None:
            raise TrainingError(f"The preset {preset.name} draws its own pictures: leave out {source}.")
        return Source(Shapes(settings.size, text_encoder=encoder), encoder)
    if source is None:
        raise TrainingError(f"The preset {preset.name} needs a captioned folder: painting train FOLDER --preset …")
    data = prepare(source, settings.size, settings.views, encoder, default_cache(), report, synonyms=settings.synonyms)
    return Source(data, encoder)


def _environment(device: torch.device) -> dict[str, Any]:
    return {
        "painting": __version__,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "device": str(device),
        "threads": torch.get_num_threads(),
        "cores": os.cpu_count(),
    }
