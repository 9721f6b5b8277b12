"""From a command's wishes to a run that can train: new, or resumed with the very data and settings it began with."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from painting import __version__
from painting.data.picture_set import PictureSet
from painting.data.pictures_cache import Report
from painting.data.prepared import prepare
from painting.data.shapes_set import Shapes
from painting.data.text_vectors import default_cache
from painting.errors import TrainingError
from painting.text_encoder import TextEncoder
from painting.training.batches import Batches
from painting.training.latent_flow_steps import LatentFlowNetworks, latent_flow_recipe
from painting.training.presets import Preset
from painting.training.run_folder import About, DataFacts, RunFolder
from painting.training.stage import Recipe


@dataclass(frozen=True)
class OpenRun:
    """A run made ready: its folder, what it trains on, and its networks with their stages."""

    folder: RunFolder
    about: About
    recipe: Recipe


def begin_run(
    folder: Path, preset: Preset, source: Path | None, device: torch.device, report: Report | None = None
) -> OpenRun:
    """Read the pictures, make the run's folder and its networks; `report` hears how many pictures are prepared."""
    run = RunFolder(folder)
    run.check_free()  # before minutes go into preparing pictures
    encoder = TextEncoder.load(preset.data.text_encoder)
    data = _open_data(preset, source, encoder, report)
    about = About(
        preset=preset,
        source=None if source is None else str(source.resolve()),
        data=DataFacts.of(data),
        started_with=_environment(device),
    )
    run.create(about)
    return OpenRun(run, about, _recipe(run, about, data, encoder, device))


def resume_run(folder: Path, source: Path | None, device: torch.device, report: Report | None = None) -> OpenRun:
    """Open a run where it stands; `source` says where its pictures are now, if they have moved.

    Raises TrainingError when the pictures, captions or text encoder are not those it began with.
    """
    run = RunFolder(folder)
    about = run.about()
    encoder = TextEncoder.load(about.preset.data.text_encoder)
    data = _open_data(about.preset, source or (Path(about.source) if about.source else None), encoder, report)
    if data.content_hash != about.data.content_hash:
        raise TrainingError(
            f"The pictures or captions have changed since {folder} began, so it cannot go on exactly. "
            "Bring the old ones back, or start a new run."
        )
    return OpenRun(run, about, _recipe(run, about, data, encoder, device))


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


def _open_data(preset: Preset, source: Path | None, encoder: TextEncoder, report: Report | None = None) -> PictureSet:
    settings = preset.data
    if settings.source == "shapes":
        if source is not None:
            raise TrainingError(f"The preset {preset.name} draws its own pictures: leave out {source}.")
        return Shapes(settings.size, text_encoder=encoder)
    if source is None:
        raise TrainingError(f"The preset {preset.name} needs a captioned folder: painting train FOLDER --preset …")
    return prepare(source, settings.size, settings.views, encoder, default_cache(), report)


def _recipe(run: RunFolder, about: About, data: PictureSet, encoder: TextEncoder, device: torch.device) -> Recipe:
    networks = LatentFlowNetworks(about.preset, about.data)
    networks.to(device)
    batches = Batches(data, about.preset.data.flip, device)
    examples = batches.standardise(encoder.encode(about.data.example_prompts))  # (P, E)
    return latent_flow_recipe(networks, about.preset, batches, examples, run.path)


def _environment(device: torch.device) -> dict[str, Any]:
    return {
        "painting": __version__,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "device": str(device),
        "threads": torch.get_num_threads(),
        "cores": os.cpu_count(),
    }
