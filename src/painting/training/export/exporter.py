"""From a run to a painter file: the sampler and decoder as one graph, what the gallery must know, and a card."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import torch

from painting.errors import TrainingError
from painting.files import painter_file
from painting.files.painter_file import PainterManifest
from painting.images import FloatArray, UInt8Array
from painting.latents import latents as draw_latents
from painting.onnx_session import open_session
from painting.text.encoder import TextEncoder
from painting.training.config.loader import preset_from_dict
from painting.training.export.card import SAMPLE_SEED, SAMPLES_A_PROMPT, UNPROMPTED_SAMPLES, card_of
from painting.training.export.quantization import painter_graph, round_to_stored
from painting.training.registry import build_networks
from painting.training.run.checkpoint import Position, TrainingState, load_position, load_tensors
from painting.training.run.folder import About, RunFolder
from painting.training.run.snapshot_export import restore_snapshot
from painting.training.run.text_encoder import encoder_of_run
from painting.training.stage import Networks

LARGEST_DIFFERENCE = 2


def export_run(
    run: Path,
    output: Path,
    name: str | None = None,
    figures: Sequence[dict[str, Any]] = (),
    sampler_settings: Mapping[str, float] | None = None,
    text_encoder: str | None = None,
    at_kimg: float | None = None,
    words: Mapping[str, Any] = MappingProxyType({}),
) -> Position:
    """Write the newest weights of a run as a painter file, or those of a record point; say where the run stood then.

    `figures` and `words` (see `card`) go into its card: how well it paints, and what nobody but its maker knows.
    `sampler_settings` (steps, guidance) take the place of the preset's: they shape the painting, not the training.
    `text_encoder` says where the run's own is now, if it has moved.
    Raises TrainingError where the run has not reached its last stage, its text encoder is not to be had, or its graph
    does not paint as torch does.
    """
    folder = RunFolder(run)
    about = _resampled(folder.about(), sampler_settings or {})
    networks = build_networks(about.preset, about.data)
    position = _load(folder, networks)
    if at_kimg is not None:
        position = restore_snapshot(folder, networks, at_kimg)
    encoder = encoder_of_run(about, text_encoder)
    sampler = networks.sampler().eval()
    round_to_stored(sampler)
    graph = painter_graph(sampler, networks.latent_size, about.data.text_width)
    samples = _samples(graph, sampler, _example_text(about, encoder), networks.latent_size)
    manifest = PainterManifest(
        name=name or output.stem,
        picture_size=about.preset.data.size,
        latent_size=networks.latent_size,
        text_encoder_id=about.data.text_encoder_id,
        text_encoder_sha256=about.data.text_encoder_sha256,
        caption_mean=about.data.caption_mean or None,
        caption_std=about.data.caption_std or None,
        card=card_of(folder, about, position, figures, words),
        example_prompts=about.data.example_prompts,
        strength=networks.takes_strength,
    )
    painter_file.write(output, manifest, graph, samples)
    return position


def _resampled(about: About, settings: Mapping[str, float]) -> About:
    if not settings:
        return about
    values = about.preset.as_dict()
    if "sampler" not in values:
        raise TrainingError(f"The model {about.preset.model} paints in one pass: leave out {', '.join(settings)}.")
    if values.get("finish"):
        raise TrainingError(f"What this run paints with has learned its own way: leave out {', '.join(settings)}.")
    values["sampler"] |= settings
    return replace(about, preset=preset_from_dict(values))


def _load(folder: RunFolder, networks: Networks) -> Position:
    found = load_position(folder.checkpoints)
    if found is None:
        raise TrainingError(f"{folder.path} has no checkpoint yet.")
    position, checkpoint = found
    if (position.stage, position.step) <= (networks.first_sampling_stage, 0):
        raise TrainingError(f"{folder.path} has not begun its last stage yet, so there is nothing to paint with.")
    TrainingState(networks.named, {}).restore(load_tensors(checkpoint, torch.device("cpu")))
    return position


@torch.no_grad()
def _samples(graph: bytes, sampler: torch.nn.Module, text: FloatArray, latent_size: int) -> UInt8Array:
    """Uncurated pictures of text vectors (P, E), painted by the graph and checked against torch: (N, S, S, 3)."""
    count = SAMPLES_A_PROMPT * len(text) if len(text) else UNPROMPTED_SAMPLES
    feed = {"latents": draw_latents(SAMPLE_SEED, count, latent_size)}  # (N, Z)
    if len(text):
        feed["text_vectors"] = np.repeat(text, SAMPLES_A_PROMPT, axis=0)  # (N, E)
    painted: UInt8Array = open_session(graph, None, TrainingError).run(None, feed)[0]
    wanted = sampler(*map(torch.from_numpy, feed.values())).numpy()
    difference = int(np.abs(painted.astype(int) - wanted).max())
    if difference > LARGEST_DIFFERENCE:
        raise TrainingError(f"The exported graph differs from the trained painter by {difference} of 255 levels.")
    return painted


def _example_text(about: About, encoder: TextEncoder | None) -> FloatArray:
    """The example prompts' standardised text vectors (P, E); none where there are no captions."""
    facts = about.data
    if encoder is None:
        return np.zeros((0, 0), np.float32)
    vectors = encoder.encode(facts.example_prompts)  # (P, E)
    mean, std = np.array(facts.caption_mean, np.float32), np.array(facts.caption_std, np.float32)
    standardised: FloatArray = (vectors - mean) / std
    return standardised
