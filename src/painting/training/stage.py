"""What a model brings to the loop: its networks, and stages that train them one after another."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim import Optimizer

from painting.progress import ProgressCallback
from painting.training.device import computing, placed
from painting.training.rng import RngKey

Losses = dict[str, Tensor]


class Stage(ABC):
    """One part of a training: how long it lasts, and what a step does."""

    name: str
    total_images: int
    batch: int
    optimizers: dict[str, Optimizer]
    snapshot_networks: Mapping[str, nn.Module] = MappingProxyType({})
    """The networks worth keeping at each record point, by names that no other stage of the model uses."""

    def __init__(self, kimg: float, batch: int) -> None:
        """`kimg`: thousands of images to train on; `batch`: images a step."""
        self.total_images = round(1000 * kimg)
        self.batch = batch

    @property
    def whole_images(self) -> int:
        """How many images its steps see in all: `total_images` in whole batches, one at least."""
        return max(1, -(-self.total_images // self.batch)) * self.batch

    def setup(self, report: ProgressCallback | None = None) -> None:  # noqa: B027 (most stages need nothing)
        """Make ready what the steps need of finished stages; called at its start and whenever a run resumes in it.

        What takes long tells `report` (pictures done, in all) again and again; it raises where the user wants to stop.
        """

    def prepare_timing(self) -> float:
        """Make ready to have steps timed, with stand-ins for what takes long; how many seconds that will take."""
        self.setup()
        return 0.0

    @abstractmethod
    def step(self, key: RngKey) -> Losses:
        """See one batch, update the networks, and return the losses to report (scalars)."""

    @abstractmethod
    def sample_grid(self) -> NDArray[np.uint8] | None:
        """A grid (H, W, 3) that shows how far the stage is, always of the same pictures or latents, if it shows any."""

    def sample_row(self) -> NDArray[np.uint8] | None:
        """RunInfo eight pictures (N, S, S, 3) for the record, always of the same latents, if the stage shows any."""
        return None


class Networks(ABC):
    """A model's networks by name: all that is trained, averaged or measured, and what paints with them."""

    named: dict[str, nn.Module]
    latent_size: int
    first_sampling_stage: int
    """The index of the stage from which on the sampler has something to paint with."""
    inference_networks: dict[str, nn.Module]
    """What that stage trains and the sampler paints with, by the names that record points keep it under."""

    takes_strength = False
    """Whether the sampler knows text vectors of other lengths, and follows them as closely as they are long."""

    @abstractmethod
    def sampler(self) -> nn.Module:
        """The painter: latents float (N, Z), standardised text vectors float (N, E) → pictures uint8 (N, S, S, 3)."""

    def to(self, device: torch.device) -> None:
        """Move all to a device, made ready to compute there."""
        for network in self.named.values():
            placed(network, device)


@dataclass(frozen=True)
class Recipe:
    """A model in training; a checkpoint keeps its networks and the optimisers of the current stage, nothing else."""

    networks: Networks
    stages: list[Stage]
    device: torch.device

    def step(self, stage: Stage, key: RngKey) -> Losses:
        """One step of one of its stages, in the numbers that suit the device."""
        with computing(self.device):
            return stage.step(key)
