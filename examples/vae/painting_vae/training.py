"""The VAE in training: its preset, its networks, its one stage, and the row that makes it a model of painting."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor
from torch.optim import Adam

from painting.latents import latents as fixed_latents
from painting.training.config.base import Preset
from painting.training.dataset.batches import Batches, TrainingData
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.optim import optimizer_step
from painting.training.registry import Model
from painting.training.rng import RngKey
from painting.training.stage import SAMPLE_COLUMNS, Losses, Networks, Stage
from painting_vae.model import Decoder, Encoder, Sampler


@dataclass(frozen=True)
class VaeSettings:
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
    """Weight of the KL divergence beside the squared error (β-VAE, Higgins et al. 2017)."""


@dataclass(frozen=True, kw_only=True)
class VaePreset(Preset):
    """A whole run of the VAE."""

    sources: ClassVar[tuple[str, ...]] = ("digits",)
    takes_text: ClassVar[bool] = False
    vae: VaeSettings

    @property
    def last_stage(self) -> str:
        """The table that `--kimg` sets."""
        return "vae"


class VaeNetworks(Networks):
    """Encoder and decoder; the decoder paints."""

    first_sampling_stage = 0

    def __init__(self, preset: VaePreset, dataset: DatasetInfo) -> None:
        torch.manual_seed(preset.seed)
        self.latent_size = preset.vae.latent_size
        self.encoder = Encoder(preset.vae.width, self.latent_size)
        self.decoder = Decoder(preset.vae.width, self.latent_size)
        self.named = {"encoder": self.encoder, "decoder": self.decoder}
        self.inference_networks = {"decoder": self.decoder}

    def sampler(self) -> Sampler:
        """What is exported: latents (N, Z) → pictures uint8 (N, S, S, 3)."""
        return Sampler(self.decoder)


class VaeStage(Stage):
    """One Adam step on the negative evidence lower bound per batch."""

    name = "vae"

    def __init__(self, networks: VaeNetworks, settings: VaeSettings, batches: Batches) -> None:
        super().__init__(settings.kimg, settings.batch)
        self.networks = networks
        self.settings = settings
        self.batches = batches
        self.snapshot_networks = networks.inference_networks
        weights = [*networks.encoder.parameters(), *networks.decoder.parameters()]
        self.optimizers = {"vae": Adam(weights, settings.learning_rate)}

    def step(self, key: RngKey) -> Losses:
        """One update; everything random is drawn from `key`, so that a resumed run repeats it exactly."""
        pictures = self.batches.pictures(self.batches.select(key, self.batch))[:, :1]  # (N, 1, S, S): gray
        mean, log_variance = self.networks.encoder(pictures)  # (N, Z) each
        noise = key.randn("noise", mean.shape, self.batches.device)
        decoded = self.networks.decoder(mean + noise * (log_variance / 2).exp())  # (N, 1, S, S)
        reconstruction_loss = F.mse_loss(decoded, pictures, reduction="sum") / self.batch
        kl_loss = kl_divergence(mean, log_variance)
        optimizer_step(reconstruction_loss + self.settings.kl_weight * kl_loss, self.optimizers["vae"])
        return {"reconstruction_loss": reconstruction_loss.detach(), "kl_loss": kl_loss.detach()}

    def paint_samples(self) -> NDArray[np.uint8]:
        """64 pictures of fixed latents, of one prompt as there are none: (1, 64, S, S, 3)."""
        return self._sample(SAMPLE_COLUMNS**2)[None]

    def sample_row(self) -> NDArray[np.uint8]:
        """The first eight of them."""
        return self._sample(SAMPLE_COLUMNS)

    @torch.no_grad()
    def _sample(self, count: int) -> NDArray[np.uint8]:
        latents = torch.from_numpy(fixed_latents(0, count, self.networks.latent_size)).to(self.batches.device)
        pictures: Tensor = self.networks.sampler()(latents)
        return pictures.cpu().numpy()


def kl_divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL(N(mean, variance) ‖ N(0, 1)): (N, Z) each → scalar, summed over a latent and averaged over the batch."""
    return (mean.square() + log_variance.exp() - 1 - log_variance).sum(dim=1).mean() / 2


def stages(networks: VaeNetworks, preset: VaePreset, data: TrainingData) -> list[Stage]:
    """The one stage, on the run's pictures."""
    return [VaeStage(networks, preset.vae, data.batches(preset.data.flip))]


MODEL = Model(VaePreset, VaeNetworks, stages)
