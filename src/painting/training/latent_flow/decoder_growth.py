"""The decoder growth stage: a decoder of twice the side, trained to reconstruct photographs from encoded latents."""

import torch
import torch.nn.functional as F
from torch import Tensor

from painting.models.latent_flow import LatentFlowSampler
from painting.models.layers import downsample_by_two
from painting.progress import ProgressCallback
from painting.training.config.latent_flow import DecoderGrowthPreset
from painting.training.dataset.batches import CaptionedBatches
from painting.training.latent_flow.ema_stage import EmaStage
from painting.training.latent_flow.losses import perceptual_loss
from painting.training.latent_flow.networks import DistilledNetworks, LatentFlowNetworks
from painting.training.rng import RngKey
from painting.training.sample_grid import SampleGrid
from painting.training.stage import Losses

FULL_SIZE_STAGES = 2
"""How many of the classifier's stages are compared at full size: it was trained at half, so only its first, local
features fit."""


class DecoderGrowthStage(EmaStage):
    """Trains the decoder of twice the autoencoder's side on photographs alone, and its EMA.

    The loss is L1 and perceptual, each at half size, where the autoencoder's were, and at full size.
    """

    name = "decoder_growth"

    def __init__(
        self,
        networks: LatentFlowNetworks,
        distilled: DistilledNetworks,
        settings: DecoderGrowthPreset,
        batches: CaptionedBatches,
        samples: SampleGrid,
    ) -> None:
        super().__init__(settings.kimg, settings.batch)
        self.settings = settings
        self.networks = networks
        self.distilled = distilled
        self.batches = batches
        self.samples = samples
        self.peak_lr = settings.learning_rate
        self.ema_halflife_images = round(1000 * settings.ema_halflife_kimg)
        self.snapshot_networks = {"grown_decoder_ema": distilled.decoder_ema}
        self.train_by_adamw("decoder", distilled.decoder, distilled.decoder_ema)

    def setup(self, report: ProgressCallback | None = None) -> None:
        """Freeze the classifier."""
        self.networks.classifier.requires_grad_(False)

    def compute_loss(self, key: RngKey) -> tuple[Tensor, Losses]:
        """The weighted reconstruction losses of a step's batch."""
        real = self.batches.pictures(self.batches.select(key, self.batch))  # (N, 3, S, S)
        losses = self._reconstruction_losses(real, self._reconstruct(real, key))
        loss = (
            self.settings.half_l1_weight * losses["half_l1_loss"]
            + self.settings.full_l1_weight * losses["full_l1_loss"]
            + self.settings.half_perceptual_weight * losses["half_perceptual_loss"]
            + self.settings.full_perceptual_weight * losses["full_perceptual_loss"]
        )
        return loss, losses

    def _reconstruct(self, real: Tensor, key: RngKey) -> Tensor:
        """Encode photographs at half size and decode them at full size, each with its own grain: (N, 3, S, S)."""
        with torch.no_grad():
            latents = self.networks.encoder(downsample_by_two(real))  # (N, C, G, G)
        noise = key.randn("noise", latents.shape, real.device)
        grain_noise = key.randn("grain", (len(real), self.distilled.latent_size), real.device)
        pictures: Tensor = self.distilled.decoder(latents + self.settings.latent_noise_std * noise, grain_noise)
        return pictures

    def _reconstruction_losses(self, real: Tensor, decoded: Tensor) -> Losses:
        """L1 and perceptual losses at half and at full size."""
        features = self.networks.classifier.trunk.features
        half = downsample_by_two(decoded)
        real_half = downsample_by_two(real)
        with torch.no_grad():
            half_targets = features(real_half)
            full_targets = features(real, FULL_SIZE_STAGES)
        return {
            "half_l1_loss": F.l1_loss(half, real_half),
            "full_l1_loss": F.l1_loss(decoded, real),
            "half_perceptual_loss": perceptual_loss(features(half), half_targets),
            "full_perceptual_loss": perceptual_loss(features(decoded, FULL_SIZE_STAGES), full_targets),
        }

    def sampler(self) -> LatentFlowSampler:
        """The student's and the decoder's EMAs."""
        return self.distilled.sampler()
