"""From a command's wishes to a run that can train: new, or resumed with the very data and settings it began with."""

import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from painting import __version__
from painting.data.picture_set import PictureSet
from painting.data.prepared import prepare
from painting.data.shapes_set import Shapes
from painting.data.text_vectors import default_cache
from painting.errors import TrainingError
from painting.text_encoder import TextEncoder
from painting.training.latent_flow_steps import LatentFlowRecipe, Place
from painting.training.presets import Preset
from painting.training.run_folder import About, RunFolder
from painting.training.stage import Recipe

RECIPES: dict[str, Callable[[Preset, PictureSet, TextEncoder, Place], Recipe]] = {"latent-flow": LatentFlowRecipe}


@dataclass(frozen=True)
class OpenRun:
    """A run made ready: its folder, what it trains, on which pictures, with which text encoder."""

    folder: RunFolder
    about: About
    recipe: Recipe
    data: PictureSet


def begin_run(folder: Path, preset: Preset, source: Path | None, device: torch.device) -> OpenRun:
    """Read the pictures, make the run's folder and its networks."""
    encoder = TextEncoder.load(preset.data.text_encoder)
    data = _open_data(preset, source, encoder)
    run = RunFolder(folder)
    about = About(
        preset=preset,
        data=None if source is None else str(source.resolve()),
        data_hash=data.content_hash,
        data_summary=dict(data.summary),
        text_encoder={"id": encoder.id, "sha256": encoder.sha256},
        started_with=_environment(device),
    )
    run.create(about)
    return OpenRun(run, about, _recipe(preset, data, encoder, run, device), data)


def resume_run(folder: Path, source: Path | None, device: torch.device) -> OpenRun:
    """Open a run where it stands; `source` says where its pictures are now, if they have moved.

    Raises TrainingError when the pictures, captions or text encoder are not those it began with.
    """
    run = RunFolder(folder)
    about = run.about()
    encoder = TextEncoder.load(about.preset.data.text_encoder)
    data = _open_data(about.preset, source or (Path(about.data) if about.data else None), encoder)
    if data.content_hash != about.data_hash:
        raise TrainingError(
            f"The pictures or captions have changed since {folder} began, so it cannot go on exactly. "
            "Bring the old ones back, or start a new run."
        )
    return OpenRun(run, about, _recipe(about.preset, data, encoder, run, device), data)


def choose_device(name: str) -> torch.device:
    """auto: the first GPU that torch can use, else the CPU; otherwise cpu, cuda, cuda:1, mps."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise TrainingError(
            f"The device {name!r} cannot be used: {reason}. Take auto, cpu, cuda, cuda:1 or mps."
        ) from error
    return device


def _open_data(preset: Preset, source: Path | None, encoder: TextEncoder) -> PictureSet:
    settings = preset.data
    if settings.source == "shapes":
        if source is not None:
            raise TrainingError(f"The preset {preset.name} draws its own pictures: leave out {source}.")
        return Shapes(settings.size, text_encoder=encoder)
    if source is None:
        raise TrainingError(f"The preset {preset.name} needs a captioned folder: painting train FOLDER --preset …")
    return prepare(source, settings.size, settings.views, encoder, default_cache())


def _recipe(preset: Preset, data: PictureSet, encoder: TextEncoder, run: RunFolder, device: torch.device) -> Recipe:
    if preset.model not in RECIPES:
        raise TrainingError(f"There is no model {preset.model!r}. Models: {', '.join(RECIPES)}.")
    return RECIPES[preset.model](preset, data, encoder, Place(device, run.path))


def _environment(device: torch.device) -> dict[str, Any]:
    return {
        "painting": __version__,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "device": str(device),
        "threads": torch.get_num_threads(),
        "cores": os.cpu_count(),
    }
