"""Export of a run as a painter file: sampler and decoder as one graph, its manifest and a model card.

N pictures, S side in px, P example prompts, Z latent numbers, E numbers in a text vector.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from torch import nn

from painting.cleaning import clean_text
from painting.errors import TrainingError
from painting.files import painter_file
from painting.files.manifest import MAX_EXAMPLE_PROMPTS
from painting.files.painter_file import PainterManifest
from painting.images import FloatArray, UInt8Array, visible
from painting.latents import latents as draw_latents
from painting.onnx_session import open_session
from painting.progress import TaskProgressCallback, no_progress
from painting.text.encoder import TextEncoder
from painting.training.config.base import Preset
from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.export.card import SAMPLE_SEED, SAMPLES_PER_PROMPT, UNPROMPTED_SAMPLES, build_card
from painting.training.export.choice import choose_weights
from painting.training.export.onnx_graph import strip_metadata, trace_sampler
from painting.training.export.quantization import quantize, round_to_stored
from painting.training.export.scale_fusion import fuse_scales
from painting.training.export.weight_map import locate_parameters, write_weight_map
from painting.training.registry import build_networks
from painting.training.run.checkpoint import Position, TrainingState, load_position, load_tensors
from painting.training.run.folder import RunFolder, RunInfo
from painting.training.run.known_captions import load_known_captions
from painting.training.run.snapshots import restore_snapshots
from painting.training.run.text_encoder import encoder_of_run
from painting.training.stage import Networks

EXPORT_STEPS = 4
MAX_LEVEL_DIFFERENCE = 2
"""Between a picture by the graph and by torch, in levels of 255."""


def export_run(
    run: Path,
    output: Path,
    name: str | None = None,
    sampler_settings: Mapping[str, float] | None = None,
    text_encoder: str | None = None,
    at_kimg: Sequence[float] = (),
    card_fields: Mapping[str, Any] = MappingProxyType({}),
    report: TaskProgressCallback = no_progress,
) -> Position:
    """Write the weights of a run as a painter file: the best that was measured (`choose_weights`), else the newest.

    Returns the run's position then.

    `card_fields`, such as figures, go into its card (see `card`).
    `sampler_settings` (steps, guidance) replace the preset's: they shape sampling, not training.
    `text_encoder` is the name or path of the run's own text encoder, if it has moved.
    `at_kimg` is the snapshot, in thousands of images of the last stage; of several the mean of their weights.
    Raises TrainingError where the run has not reached its last stage, its text encoder cannot be loaded, or its graph
    does not paint as torch does.
    """
    folder = RunFolder(run)
    info = folder.info()
    info = replace(
        info,
        preset=_with_sampler_settings(info.preset, sampler_settings or {}),
        dataset=replace(info.dataset, example_prompts=_clean_examples(info.dataset.example_prompts)),
    )
    networks = build_networks(info.preset, info.dataset)
    report("exporting: reading the weights", 0, EXPORT_STEPS)
    choice = choose_weights(folder, at_kimg)
    position = _restore(folder, networks, is_start=choice.kimg == (0.0,))
    if choice.kimg:
        position = restore_snapshots(folder, networks, choice.kimg)
    encoder = encoder_of_run(info, text_encoder)
    sampler = networks.sampler().eval()
    round_to_stored(sampler)
    report("exporting: tracing the sampler", 1, EXPORT_STEPS)
    graph = painter_graph(sampler, networks.latent_size, info.dataset.text_width)
    report("exporting: comparing its samples", 2, EXPORT_STEPS)
    samples = _checked_samples(graph, sampler, _example_vectors(info.dataset, encoder), networks.latent_size)
    report("exporting: writing the file", 3, EXPORT_STEPS)
    card = build_card(folder, info, position, card_fields, choice)
    captions = load_known_captions(folder.path, info.dataset.text_width)
    painter_file.write(output, _manifest(name or output.stem, info, networks, card), graph, samples, captions)
    return position


def painter_graph(sampler: nn.Module, latent_size: int, text_width: int) -> bytes:
    """Trace a sampler whose weights were rounded by `round_to_stored` into the graph of a painter file."""
    model = fuse_scales(trace_sampler(sampler, latent_size, text_width))
    located = locate_parameters(sampler.state_dict(), model.graph)  # before quantization, while values are exact
    model = write_weight_map(strip_metadata(quantize(model)), located)
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def _with_sampler_settings(preset: Preset, settings: Mapping[str, float]) -> Preset:
    if not settings:
        return preset
    if not isinstance(preset, LatentFlowPreset):
        raise TrainingError(f"The model {preset.model} paints in one pass: leave out {', '.join(settings)}.")
    if preset.finetuning is not None:
        raise TrainingError(f"This run's painter is fine-tuned to one step: leave out {', '.join(settings)}.")
    return preset.replaced(sampler=settings)


def _clean_examples(prompts: Sequence[str]) -> tuple[str, ...]:
    """The example prompts as a painter takes them: cleaned, each once, as many as its manifest may hold."""
    cleaned = dict.fromkeys(clean_text(prompt).text for prompt in prompts)
    return tuple(filter(None, cleaned))[:MAX_EXAMPLE_PROMPTS]


def _restore(folder: RunFolder, networks: Networks, is_start: bool) -> Position:
    """Load the newest checkpoint of a run into its networks; raises TrainingError if it has nothing to paint with.

    `is_start`: a warm-started run can paint before it is trained.
    """
    found = load_position(folder.checkpoints)
    if found is None:
        raise TrainingError(f"{folder.path} has no checkpoint yet.")
    position, checkpoint = found
    if not is_start and (position.stage_index, position.step) <= (networks.first_sampling_stage, 0):
        raise TrainingError(f"{folder.path} has not begun its last stage yet, so there is nothing to paint with.")
    TrainingState(networks.named, {}).restore(load_tensors(checkpoint, torch.device("cpu")))
    return position


@torch.no_grad()
def _checked_samples(graph: bytes, sampler: nn.Module, text: FloatArray, latent_size: int) -> UInt8Array:
    """Uncurated samples of text vectors (P, E) by the graph, checked against torch: uint8 (N, S, S, C)."""
    count = SAMPLES_PER_PROMPT * len(text) if len(text) else UNPROMPTED_SAMPLES
    feed = {"latents": draw_latents(SAMPLE_SEED, count, latent_size)}  # (N, Z)
    if len(text):
        feed["text_vectors"] = np.repeat(text, SAMPLES_PER_PROMPT, axis=0)  # (N, E)
    painted: UInt8Array = open_session(graph, None, TrainingError).run(None, feed)[0]
    expected = sampler(*map(torch.from_numpy, feed.values())).numpy()
    difference = int(np.abs(visible(painted).astype(np.int16) - visible(expected)).max())
    if difference > MAX_LEVEL_DIFFERENCE:
        raise TrainingError(f"The exported graph differs from the trained painter by {difference} of 255 levels.")
    return painted


def _example_vectors(dataset: DatasetInfo, encoder: TextEncoder | None) -> FloatArray:
    """The example prompts' standardised text vectors (P, E); (0, 0) without a text encoder."""
    if encoder is None:
        return np.zeros((0, 0), np.float32)
    return dataset.standardise(encoder.encode(dataset.example_prompts))


def _manifest(name: str, info: RunInfo, networks: Networks, card: dict[str, Any]) -> PainterManifest:
    dataset = info.dataset
    return PainterManifest(
        name=name,
        picture_size=info.preset.data.size,
        latent_size=networks.latent_size,
        text_encoder_id=dataset.text_encoder_id,
        text_encoder_sha256=dataset.text_encoder_sha256,
        caption_mean=dataset.caption_mean or None,
        caption_std=dataset.caption_std or None,
        card=card,
        example_prompts=dataset.example_prompts,
        strength=networks.takes_strength,
    )
