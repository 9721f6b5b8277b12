"""What a model brings to the loop: its networks, and stages that train them one after another."""

from abc import ABC, abstractmethod

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

    def begin(self) -> None:  # noqa: B027: most stages need nothing
        """Make ready what the steps need of finished stages; called at its start and whenever a run resumes in it."""

    @abstractmethod
    def step(self, draw: Draw) -> Losses:
        """See one batch, update the networks, and return the losses to report (scalars)."""

    @abstractmethod
    def pictures(self) -> NDArray[np.uint8] | None:
        """A grid (H, W, 3) that shows how far the stage is, always of the same pictures or latents, if it shows any."""


class Recipe(ABC):
    """A model in training; a checkpoint keeps its networks and the optimisers of the current stage, nothing else."""

    device: torch.device
    networks: dict[str, nn.Module]
    stages: list[Stage]

    @abstractmethod
    def sampler(self) -> nn.Module:
        """The painter: latents float (N, Z), standardised text vectors float (N, E) → pictures uint8 (N, S, S, 3)."""
