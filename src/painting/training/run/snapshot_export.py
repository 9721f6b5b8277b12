"""The networks that record points have kept: to paint with what a run was before its end."""

from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from painting.errors import TrainingError
from painting.training.run.checkpoint import Position
from painting.training.run.folder import RunFolder
from painting.training.run.snapshots import NETWORKS, kept_points, kept_under
from painting.training.stage import Networks

CLOSE = 0.0005
"""Thousands of images: half of the last digit that names have."""


def restore_snapshot(run: RunFolder, networks: Networks, kimg: float) -> Position:
    """Put what painted after so many thousand images of its stage into the networks; where the run stood then.

    Raises TrainingError, which names the points there are, where nothing was kept then.
    """
    folder = run.saved / NETWORKS
    points = kept_points(folder, networks.inference_networks)
    images = next((point for point in points if abs(point / 1000 - kimg) <= CLOSE), None)
    if images is None:
        there = ", ".join(f"{point / 1000:g}" for point in points) or "none"
        raise TrainingError(f"{run.path} has kept nothing that paints at {kimg:g} thousand images. Kept at: {there}.")
    for name, network in networks.inference_networks.items():
        network.load_state_dict(_tensors(kept_under(folder, name, images)))
    return _position(run, networks.first_sampling_stage, images)


def _tensors(path: Path) -> dict[str, Tensor]:
    try:
        tensors: dict[str, Tensor] = load_file(path)
    except (OSError, SafetensorError) as error:
        raise TrainingError(f"{path} cannot be read: {error}. Take another point.") from error
    return tensors


def _position(run: RunFolder, stage: int, images: int) -> Position:
    """By the line of stats.jsonl that was written then."""
    for line in run.stats():
        if line["stage"] == stage and round(1000 * line["kimg"]) == images:
            return Position(stage, line["step"], 0, line["seconds"])
    raise TrainingError(f"{run.path} no longer knows when it had seen {images:,} images: stats.jsonl lacks that line.")
