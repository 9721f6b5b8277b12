"""From a run to a painter file: the sampler and decoder as one graph, what the gallery must know, and a card."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from painting import painter_file
from painting.errors import DataError, TrainingError
from painting.images import UInt8Array
from painting.inference import open_session
from painting.latents import latents as draw_latents
from painting.painter_file import PainterManifest
from painting.text_encoder import TextEncoder
from painting.training.checkpoint import Position, TrainingState, load_position, load_tensors
from painting.training.graph import round_to_half, to_onnx
from painting.training.latent_flow_steps import LatentFlowNetworks
from painting.training.presets import preset_from_dict
from painting.training.run_folder import About, RunFolder

SAMPLES_A_PROMPT = 4
SAMPLE_SEED = 0
LARGEST_DIFFERENCE = 2


def export_run(
    run: Path,
    output: Path,
    name: str | None = None,
    figures: Sequence[dict[str, Any]] = (),
    sampler_settings: Mapping[str, float] | None = None,
) -> Position:
    """Write the newest weights of a run as a painter file and say where the run stands.

    `figures` (see `read_figures`) go into its card: how well it paints, as it was measured. `sampler_settings`
    (steps, guidance) take the place of the preset's: they shape the painting, not the training.
    Raises TrainingError where the run has not reached its last stage, or its graph does not paint as torch does.
    """
    folder = RunFolder(run)
    about = _resampled(folder.about(), sampler_settings or {})
    networks = LatentFlowNetworks(about.preset, about.data)
    position = _load(folder, networks)
    sampler = networks.sampler().eval()
    round_to_half(sampler)
    graph = to_onnx(sampler, networks.latent_size, about.data.text_width)
    samples = _samples(graph, sampler, about, networks.latent_size)
    manifest = PainterManifest(
        name=name or output.stem,
        picture_size=about.preset.data.size,
        latent_size=networks.latent_size,
        text_encoder_id=about.data.text_encoder_id,
        text_encoder_sha256=about.data.text_encoder_sha256,
        caption_mean=about.data.caption_mean,
        caption_std=about.data.caption_std,
        card=_card(folder, about, position) | ({"figures": list(figures)} if figures else {}),
        example_prompts=about.data.example_prompts,
    )
    painter_file.write(output, manifest, graph, samples)
    return position


def _resampled(about: About, settings: Mapping[str, float]) -> About:
    values = about.preset.as_dict()
    values["sampler"] |= settings
    return replace(about, preset=preset_from_dict(values))


def read_figures(path: Path) -> list[dict[str, Any]]:
    """The figures in a JSON file that `scripts/measure.py` wrote; raises DataError where it holds anything else."""
    try:
        figures = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"the figures in {path} cannot be read: {error}") from error
    if not isinstance(figures, list) or not all(_is_figure(figure) for figure in figures):
        raise DataError(f"{path} is not a list of figures: each must be an object with a name and a finite value")
    return figures


def _is_figure(figure: object) -> bool:
    if not isinstance(figure, dict) or not isinstance(figure.get("name"), str):
        return False
    value = figure.get("value")
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < math.inf


def _load(folder: RunFolder, networks: LatentFlowNetworks) -> Position:
    found = load_position(folder.checkpoints)
    if found is None:
        raise TrainingError(f"{folder.path} has no checkpoint yet.")
    position, checkpoint = found
    if (position.stage, position.step) <= (networks.painting_stage, 0):
        raise TrainingError(f"{folder.path} has not begun its last stage yet, so there is nothing to paint with.")
    TrainingState(networks.named, {}).restore(load_tensors(checkpoint, torch.device("cpu")))
    return position


@torch.no_grad()
def _samples(graph: bytes, sampler: torch.nn.Module, about: About, latent_size: int) -> UInt8Array:
    """Uncurated pictures of the example prompts, painted by the graph and checked against torch: (N, S, S, 3)."""
    facts = about.data
    encoder = TextEncoder.load(about.preset.data.text_encoder)
    if encoder.sha256 != facts.text_encoder_sha256:
        raise TrainingError(f"The text encoder {encoder.id} is not the one that the run was trained with.")
    vectors = encoder.encode(facts.example_prompts)  # (P, E)
    text = (vectors - np.array(facts.caption_mean, np.float32)) / np.array(facts.caption_std, np.float32)
    text = np.repeat(text, SAMPLES_A_PROMPT, axis=0)  # (N, E)
    noise = draw_latents(SAMPLE_SEED, len(text), latent_size)  # (N, Z)
    session = open_session(graph, None, TrainingError)
    painted: UInt8Array = session.run(None, {"latents": noise, "text_vectors": text})[0]
    wanted = sampler(torch.from_numpy(noise), torch.from_numpy(text)).numpy()
    difference = int(np.abs(painted.astype(int) - wanted).max())
    if difference > LARGEST_DIFFERENCE:
        raise TrainingError(f"The exported graph differs from the trained painter by {difference} of 255 levels.")
    return painted


def _card(folder: RunFolder, about: About, position: Position) -> dict[str, Any]:
    last = {line["stage_name"]: line for line in folder.stats()}
    return {
        "model": about.preset.model,
        "preset": about.preset.as_dict(),
        "data": about.data.summary,
        "images_seen": {name: round(1000 * line["kimg"]) for name, line in last.items()},
        "hours": round(position.seconds / 3600, 2),
        "hardware": about.started_with,
        "sampler": asdict(about.preset.sampler),
        "samples": f"{SAMPLES_A_PROMPT} of each example prompt, seeds from {SAMPLE_SEED} up, none chosen",
    }
