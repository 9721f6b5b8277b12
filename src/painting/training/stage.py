"""What a model brings to the loop: its networks, and stages that train them one after another."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim import Optimizer

from painting.training.draws import Draw

Losses = dict[str, Tensor]


class Stage(ABC):
    """One part of a training: how long it lasts, and what a step does."""

    name: str
    total_images: int
    batch: int
    optimizers: dict[str, Optimizer]

    def begin(self) -> None:  # noqa: B027 (most stages need nothing)
        """Make ready what the steps need of finished stages; called at its start and whenever a run resumes in it."""

    @abstractmethod
    def step(self, draw: Draw) -> Losses:
        """See one batch, update the networks, and return the losses to report (scalars)."""

    @abstractmethod
    def pictures(self) -> NDArray[np.uint8] | None:
        """A grid (H, W, 3) that shows how far the stage is, always of the same pictures or latents, if it shows any."""


class Networks(ABC):
    """A model's networks by name: all that is trained, averaged or measured, and what paints with them."""

    named: dict[str, nn.Module]
    latent_size: int
    painting_stage: int
    """The index of the stage from which on the sampler has something to paint with."""

    @abstractmethod
    def sampler(self) -> nn.Module:
        """The painter: latents float (N, Z), standardised text vectors float (N, E) → pictures uint8 (N, S, S, 3)."""

    def to(self, device: torch.device) -> None:
        """Move all to a device, laid out as convolutions like it best."""
        for network in self.named.values():
            network.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]


@dataclass(frozen=True)
class Recipe:
    """A model in training; a checkpoint keeps its networks and the optimisers of the current stage, nothing else."""

    networks: Networks
    stages: list[Stage]
    device: torch.device
