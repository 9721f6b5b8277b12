"""The autoencoder stage: reconstruction, and in the end a patch discriminator that sharpens the decoder."""

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor
from torch.optim import AdamW

from painting.images import grid
from painting.models.layers import to_pixels
from painting.progress import ProgressCallback
from painting.training.adversarial.losses import hinge_d, hinge_g
from painting.training.config.latent_flow import AutoencoderPreset
from painting.training.dataset.batches import Batches, Selection
from painting.training.latent_flow.losses import latent_moment_loss, perceptual_loss
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.optim import cosine_lr, frozen, optimizer_step, set_lr
from painting.training.rng import RngKey, evenly_spaced_ids
from painting.training.stage import SAMPLE_COLUMNS, Losses, Stage

GRID_COLUMNS = 16


class AutoencoderStage(Stage):
    """Trains encoder E and decoder D to reconstruct pictures x, in the end against a patch discriminator P.

    With noise ε of standard deviation latent_noise_std and x̂ = D(E(x) + ε), the autoencoder minimises

        l1_weight · |x̂ − x| + perceptual_weight · perceptual(x̂, x) + latent_moment_weight · moments(E(x))
        + adversarial_weight · −P(x̂)

    and P the hinge loss of x and x̂. The adversarial term and P's updates begin at `adversarial_start`.
    """

    name = "autoencoder"

    def __init__(self, networks: LatentFlowNetworks, settings: AutoencoderPreset, batches: Batches) -> None:
        super().__init__(settings.kimg, settings.batch)
        self.settings = settings
        self.batches = batches
        self.encoder = networks.encoder
        self.decoder = networks.decoder
        self.discriminator = networks.discriminator
        self.classifier = networks.classifier
        self.snapshot_networks = {"decoder": self.decoder, "discriminator": self.discriminator}
        weights = [*self.encoder.parameters(), *self.decoder.parameters()]
        self.optimizers = {
            "autoencoder": AdamW(weights, fused=True),
            "discriminator": AdamW(self.discriminator.parameters(), betas=(0.5, 0.99), fused=True),
        }

    def setup(self, report: ProgressCallback | None = None) -> None:
        """Freeze the classifier."""
        self.classifier.requires_grad_(False)

    def step(self, key: RngKey) -> Losses:
        """One update of the autoencoder and, from `adversarial_start` on, of the discriminator."""
        images = key.step * self.batch
        for optimizer in self.optimizers.values():
            set_lr(optimizer, cosine_lr(self.settings.learning_rate, images, self.total_images))
        is_adversarial = images >= self.settings.adversarial_start * self.total_images
        real = self.batches.pictures(self.batches.select(key, self.batch))  # (N, 3, S, S)
        latents = self.encoder(real)  # (N, C, G, G)
        noise = key.randn("noise", latents.shape, real.device)
        decoded = self.decoder(latents + self.settings.latent_noise_std * noise)  # (N, 3, S, S)
        losses = self._update_autoencoder(real, latents, decoded, is_adversarial)
        if is_adversarial:
            losses |= self._update_discriminator(real, decoded.detach())
        return losses

    def _update_autoencoder(self, real: Tensor, latents: Tensor, decoded: Tensor, is_adversarial: bool) -> Losses:
        with torch.no_grad():
            real_features = self.classifier.trunk.features(real)
        l1 = F.l1_loss(decoded, real)
        perceptual = perceptual_loss(self.classifier.trunk.features(decoded), real_features)
        moments = latent_moment_loss(latents)
        loss = (
            self.settings.l1_weight * l1
            + self.settings.perceptual_weight * perceptual
            + self.settings.latent_moment_weight * moments
        )
        losses = {
            "l1_loss": l1.detach(),
            "perceptual_loss": perceptual.detach(),
            "latent_moment_loss": moments.detach(),
        }
        if is_adversarial:
            with frozen(self.discriminator):
                adversarial = hinge_g(self.discriminator(decoded))
            loss = loss + self.settings.adversarial_weight * adversarial
            losses["adversarial_loss"] = adversarial.detach()
        optimizer_step(loss, self.optimizers["autoencoder"])
        return losses

    def _update_discriminator(self, real: Tensor, decoded: Tensor) -> Losses:
        real_logits, decoded_logits = self.discriminator(torch.cat([real, decoded])).chunk(2)
        loss = hinge_d(real_logits, decoded_logits)
        optimizer_step(loss, self.optimizers["discriminator"])
        return {"discriminator_loss": loss.detach()}

    @torch.no_grad()
    def sample_grid(self) -> NDArray[np.uint8]:
        """Real pictures in the upper rows, their reconstructions in the lower ones."""
        real = self._real_pictures(GRID_COLUMNS)
        return grid(_pixels(torch.cat([real, self.decoder(self.encoder(real))])), columns=GRID_COLUMNS)

    @torch.no_grad()
    def sample_row(self) -> NDArray[np.uint8]:
        """Reconstructions of real pictures."""
        return _pixels(self.decoder(self.encoder(self._real_pictures(SAMPLE_COLUMNS))))

    def _real_pictures(self, count: int) -> Tensor:
        """Always the same real pictures, float (count, 3, S, S)."""
        return self.batches.pictures(Selection.unmirrored(evenly_spaced_ids(count, self.batches.data.count)))


def _pixels(pictures: Tensor) -> NDArray[np.uint8]:
    """Pictures (N, 3, S, S) in [-1, 1] → (N, S, S, 3)."""
    return to_pixels(pictures).cpu().numpy()
