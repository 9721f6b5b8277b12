"""The interface of a model to the training loop: its networks, and the stages that train them one after another."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from painting.images import UInt8Array, grid
from painting.progress import ProgressCallback
from painting.training.device import autocast, place_network
from painting.training.rng import RngKey

Losses = dict[str, Tensor]
"""What a step reports, by name: scalars on the device."""
SAMPLE_COLUMNS = 8
"""Pictures in a row of a sample grid."""


def sample_sheet(samples: UInt8Array) -> UInt8Array:
    """Samples (P, K, S, S, 3) as one picture (H, W, 3), eight in a row."""
    return grid(samples.reshape(-1, *samples.shape[2:]), SAMPLE_COLUMNS)


class Stage(ABC):
    """One stage of a training: its length, its optimisers, and its step."""

    name: str
    total_images: int
    batch: int
    optimizers: dict[str, Optimizer]
    snapshot_networks: Mapping[str, nn.Module] = MappingProxyType({})
    """The networks that snapshots keep, by names that no other stage of the model uses."""
    cache_bytes: int = 0
    """Of what its setup writes into the run's folder."""

    def __init__(self, kimg: float, batch: int) -> None:
        """`kimg`: thousands of images to train on; `batch`: images a step."""
        self.total_images = round(1000 * kimg)
        self.batch = batch

    @property
    def whole_images(self) -> int:
        """`total_images` rounded up to whole batches, at least one: the images that its steps train on."""
        return max(1, -(-self.total_images // self.batch)) * self.batch

    def is_point(self, step: int, points: int) -> bool:
        """Whether one of so many evenly spaced points is within the `step`-th step; the last is the stage's end."""
        total = max(1, self.total_images)
        before, now = (min(steps * self.batch, total) * points // total for steps in (step - 1, step))
        return now > before

    def setup(self, report: ProgressCallback | None = None) -> None:  # noqa: B027 (most stages need nothing)
        """Prepare what the steps need of finished stages; called when the stage starts, and when a run resumes in it.

        Work that takes long calls `report` (pictures done, total) regularly, which raises to stop it.
        """

    def prepare_timing(self) -> float:
        """Set up for timing steps, with stand-ins for long work; returns the seconds that this work would take."""
        self.setup()
        return 0.0

    @abstractmethod
    def step(self, key: RngKey) -> Losses:
        """Train on one batch: update the networks, and return the losses to log (scalars)."""

    def paint_samples(self) -> UInt8Array | None:
        """Samples (P, K, S, S, 3) of P prompts and K seeds, always the same; None where the stage cannot paint.

        They are laid out in the sample grid, and their variety is watched.
        """
        return None

    def sample_grid(self) -> UInt8Array | None:
        """A grid of pictures (H, W, 3), always of the same pictures or latents: by default the samples, if any."""
        samples = self.paint_samples()
        return None if samples is None else sample_sheet(samples)

    def sample_row(self) -> UInt8Array | None:
        """About eight samples (N, S, S, 3) for snapshots, always of the same latents; None where the stage has none."""
        return None


class Networks(ABC):
    """A model's networks by name: all that are trained, averaged or frozen, and the sampler that paints with them."""

    named: dict[str, nn.Module]
    latent_size: int
    first_sampling_stage: int
    """The index of the first stage whose networks the sampler can paint with."""
    inference_networks: dict[str, nn.Module]
    """The networks of that stage that the sampler uses, by their names in snapshots."""

    takes_strength = False
    """Whether the sampler follows longer text vectors more closely: the strength of a prompt is their length."""

    @abstractmethod
    def sampler(self) -> nn.Module:
        """The painter: latents float (N, Z), standardised text vectors float (N, E) → uint8 (N, S, S, 3), or RGBA."""

    def to(self, device: torch.device) -> None:
        """Move all networks to a device (`place_network`)."""
        for network in self.named.values():
            place_network(network, device)


@dataclass(frozen=True)
class Recipe:
    """A model in training: networks, stages and device.

    A checkpoint holds the networks and the optimisers of the current stage, nothing else.
    """

    networks: Networks
    stages: list[Stage]
    device: torch.device

    def step(self, stage: Stage, key: RngKey) -> Losses:
        """One step of a stage, in the device's mixed precision."""
        with autocast(self.device):
            return stage.step(key)
