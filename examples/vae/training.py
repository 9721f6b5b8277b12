"""The VAE in training: its preset, its networks, its one stage, and its row in the table of models."""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor
from torch.optim import Adam

from examples.vae.model import Decoder, Encoder, Sampler
from painting.images import grid
from painting.latents import latents as draw_latents
from painting.training.batches import Batches
from painting.training.config.base import Preset
from painting.training.optim import optimizer_step
from painting.training.registry import MODELS, Model
from painting.training.rng import RngKey
from painting.training.run.folder import DataFacts
from painting.training.stage import Losses, Networks, Stage

GRID_COLUMNS = 8


@dataclass(frozen=True)
class VaePreset:
    """The `[vae]` table: the one stage."""

    kimg: float
    """Thousands of training images."""
    batch: int
    """Images a step."""
    learning_rate: float
    """Adam's."""
    width: int
    """Channels of the encoder's first layer; the second has twice as many."""
    latent_size: int
    """Numbers in a latent."""
    kl_weight: float
    """Weight of the KL divergence beside the squared error (β of a β-VAE, Higgins et al. 2017)."""


class VaeNetworks(Networks):
    """Encoder and decoder; the decoder paints."""

    first_sampling_stage = 0

    def __init__(self, preset: "VaeRunPreset", facts: DataFacts) -> None:
        torch.manual_seed(preset.seed)
        settings = preset.vae
        self.latent_size = settings.latent_size
        self.encoder = Encoder(settings.width, settings.latent_size)
        self.decoder = Decoder(settings.width, settings.latent_size)
        self.named = {"encoder": self.encoder, "decoder": self.decoder}
        self.inference_networks = {"decoder": self.decoder}

    def sampler(self) -> Sampler:
        """The exported network: latents (N, Z) → pictures (N, S, S, 3)."""
        return Sampler(self.decoder)
