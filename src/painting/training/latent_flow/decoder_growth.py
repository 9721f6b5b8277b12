"""The growth: a decoder of twice the side learns to give photographs back from what the autoencoder makes of them."""

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor
from torch.optim import AdamW

from painting.models.layers import downsample_by_two
from painting.progress import ProgressCallback
from painting.training.batches import CaptionedBatches
from painting.training.config.latent_flow import GrowthPreset
from painting.training.latent_flow.losses import perceptual_loss
from painting.training.latent_flow.networks import FinishedNetworks, LatentFlowNetworks
from painting.training.optim import cosine_lr, ema_decay, optimizer_step, set_lr, update_ema
from painting.training.rng import RngKey
from painting.training.sample_grid import SampleGrid
from painting.training.stage import Losses, Stage

DETAILED = 2
"""How many of the classifier's stages look at full size, to which it is not used."""


class GrowthStage(Stage):
    """Trains the decoder of twice the autoencoder's side on photographs alone."""

    name = "growth"

    def __init__(
        self,
        networks: LatentFlowNetworks,
        finished: FinishedNetworks,
        settings: GrowthPreset,
        batches: CaptionedBatches,
        samples: SampleGrid,
    ) -> None:
        super().__init__(settings.kimg, settings.batch)
        self.settings = settings
        self.networks, self.finished = networks, finished
        self.batches, self.samples = batches, samples
        self.snapshot_networks = {"grown_decoder": finished.decoder_average}
        self.optimizers = {"decoder": AdamW(finished.decoder.parameters(), betas=(0.9, 0.99), fused=True)}

    def setup(self, report: ProgressCallback | None = None) -> None:
        self.networks.classifier.requires_grad_(False)

    def step(self, key: RngKey) -> Losses:
        seen, optimizer = key.step * self.batch, self.optimizers["decoder"]
        set_lr(optimizer, cosine_lr(self.settings.learning_rate, seen, self.total_images))
        real = self.batches.pictures(self.batches.select(key, self.batch))  # (N, 3, S, S)
        losses = self._losses(real, self._decoded(real, key))
        loss = (
            self.settings.half_l1_weight * losses["half_l1"]
            + self.settings.full_l1_weight * losses["full_l1"]
            + self.settings.half_perceptual_weight * losses["half_perceptual"]
            + self.settings.full_perceptual_weight * losses["full_perceptual"]
        )
        optimizer_step(loss, optimizer)
        halflife = round(1000 * self.settings.ema_halflife_kimg)
        update_ema(self.finished.decoder_average, self.finished.decoder, ema_decay(seen, self.batch, halflife))
        return {name: part.detach() for name, part in losses.items()}

    def _decoded(self, real: Tensor, key: RngKey) -> Tensor:
        """What comes back of photographs, at full size, each of them with grain of its own: (N, 3, S, S)."""
        with torch.no_grad():
            latents = self.networks.encoder(downsample_by_two(real))  # (N, C, G, G)
        noise = key.randn("noise", latents.shape, real.device)
        of_grain = key.randn("grain", (len(real), self.finished.latent_size), real.device)
        pictures: Tensor = self.finished.decoder(latents + self.settings.latent_noise * noise, of_grain)
        return pictures

    def _losses(self, real: Tensor, decoded: Tensor) -> Losses:
        """How far they are from the photographs, at half and at full size."""
        features = self.networks.classifier.trunk.features
        half, real_half = downsample_by_two(decoded), downsample_by_two(real)
        with torch.no_grad():
            wanted, details = features(real_half), features(real, DETAILED)
        return {
            "half_l1": F.l1_loss(half, real_half),
            "full_l1": F.l1_loss(decoded, real),
            "half_perceptual": perceptual_loss(features(half), wanted),
            "full_perceptual": perceptual_loss(features(decoded, DETAILED), details),
        }

    def sample_grid(self) -> NDArray[np.uint8]:
        """A row for each example prompt, a column for each of eight seeds."""
        return self.samples.grid(self.finished.sampler())

    def sample_row(self) -> NDArray[np.uint8]:
        """A picture of each of eight example prompts, every one of another seed."""
        return self.samples.row(self.finished.sampler())
