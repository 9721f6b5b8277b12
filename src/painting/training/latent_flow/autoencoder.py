"""The autoencoder stage: reconstruction of pictures by pixels and by published features."""

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from painting.images import grid
from painting.models.layers import downsample_by_two, to_pixels
from painting.progress import ProgressCallback
from painting.training.config.latent_flow import AutoencoderPreset
from painting.training.dataset.batches import Batches, Selection
from painting.training.latent_flow.backgrounds import on_random_backgrounds
from painting.training.latent_flow.ema_stage import EmaStage
from painting.training.latent_flow.features import EnlargedFeatures
from painting.training.latent_flow.losses import latent_moment_loss, perceptual_loss
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.rng import RngKey, evenly_spaced_ids
from painting.training.stage import SAMPLE_COLUMNS, Losses

GRID_COLUMNS = 16
SAMPLE_SEED = 0
"""Keys the grain of sample grids."""


class AutoencoderStage(EmaStage):
    """Trains encoder E and decoder D, and their EMAs, to reconstruct pictures x.

    Perceptual losses are of pictures on random backgrounds. With noise ε of standard deviation latent_noise_std, grain
    noise g and x̂ = D(E(x) + ε, g), the loss is

        l1_weight · (|x̂ − x| + |half(x̂) − half(x)|) + perceptual_weight · perceptual(x̂, x)
        + latent_moment_weight · moments(E(x)),  half: the picture at half size
    """

    name = "autoencoder"
    features: EnlargedFeatures

    def __init__(self, networks: LatentFlowNetworks, settings: AutoencoderPreset, batches: Batches) -> None:
        super().__init__(settings.kimg, settings.batch)
        self.settings = settings
        self.batches = batches
        self.autoencoder = networks.autoencoder
        self.autoencoder_ema = networks.autoencoder_ema
        self.latent_size = networks.latent_size
        self.peak_lr = settings.learning_rate
        self.ema_halflife_images = round(1000 * settings.ema_halflife_kimg)
        self.snapshot_networks = {"autoencoder_ema": self.autoencoder_ema}
        self.optimise(self.autoencoder, self.autoencoder_ema)

    def setup(self, report: ProgressCallback | None = None) -> None:
        """Load the published features; raises MissingExtra or PaintingError where they are not to be had."""
        self.features = EnlargedFeatures(self.settings.feature_size, self.batches.device)

    def compute_loss(self, key: RngKey) -> tuple[Tensor, Losses]:
        """The weighted losses of a step's batch."""
        real = self.batches.pictures(self.batches.select(key, self.batch))  # (N, P, S, S)
        latents = self.autoencoder.encoder(real)  # (N, C, G, G)
        noise = self.settings.latent_noise_std * key.randn("noise", latents.shape, real.device)
        grain_noise = key.randn("grain", (len(real), self.latent_size), real.device)
        decoded = self.autoencoder.decoder(latents + noise, grain_noise)  # (N, P, S, S)
        with torch.no_grad():
            real_maps = self._feature_maps(real, key)
        losses = {
            "l1_loss": F.l1_loss(decoded, real),
            "half_l1_loss": F.l1_loss(downsample_by_two(decoded), downsample_by_two(real)),
            "perceptual_loss": perceptual_loss(self._feature_maps(decoded, key), real_maps),
            "latent_moment_loss": latent_moment_loss(latents),
        }
        loss = (
            self.settings.l1_weight * (losses["l1_loss"] + losses["half_l1_loss"])
            + self.settings.perceptual_weight * losses["perceptual_loss"]
            + self.settings.latent_moment_weight * losses["latent_moment_loss"]
        )
        return loss, losses

    def _feature_maps(self, pictures: Tensor, key: RngKey) -> list[Tensor]:
        generator = key.torch_generator("backgrounds", pictures.device)
        return self.features.maps(on_random_backgrounds(pictures, generator))

    @torch.no_grad()
    def sample_grid(self) -> NDArray[np.uint8]:
        """Real pictures in the upper rows, their reconstructions in the lower ones."""
        real = self._real_pictures(GRID_COLUMNS)
        return grid(_pixels(torch.cat([real, self._reconstruct(real)])), columns=GRID_COLUMNS)

    @torch.no_grad()
    def sample_row(self) -> NDArray[np.uint8]:
        """Reconstructions of real pictures."""
        return _pixels(self._reconstruct(self._real_pictures(SAMPLE_COLUMNS)))

    def _reconstruct(self, real: Tensor) -> Tensor:
        """Pictures (N, P, S, S) by the EMA, with the same grain each time."""
        grain_noise = RngKey(SAMPLE_SEED, self.name, 0).randn("grain", (len(real), self.latent_size), real.device)
        pictures: Tensor = self.autoencoder_ema.decoder(self.autoencoder_ema.encoder(real), grain_noise)
        return pictures

    def _real_pictures(self, count: int) -> Tensor:
        """Always the same real pictures, float (count, P, S, S)."""
        return self.batches.pictures(Selection.unmirrored(evenly_spaced_ids(count, self.batches.data.count)))


def _pixels(pictures: Tensor) -> NDArray[np.uint8]:
    """Pictures (N, P, S, S) in [-1, 1], on white → (N, S, S, 3)."""
    return to_pixels(pictures[:, :3]).cpu().numpy()
