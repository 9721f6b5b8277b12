"""Grain: per-pixel noise inputs of a decoder (Karras et al. 2019), as a function of the latent noise.

With one grain for all pictures, as was tried, the sky of any two has the very same texture. With grain drawn anew a
picture is never painted twice alike, and a morph flickers.
Letters: N pictures, S side of a picture in px, C latent channels, G = 8 side of a latent map.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from painting.models.layers import LATENT_SIDE

GRAIN_CHANNELS = 4
"""Grain is added at half a picture's side: one channel for each pixel of a square of 2×2."""


class Grain(nn.Module):
    """Deterministic grain of the noise: equal for equal noise, and slowly changing where the noise does.

    Input: float (N, C·G·G), standard normal. Output: float (N, 4, S/2, S/2), standard normal too: each of the noise's
    G×G places mixes C stored fields by its C numbers, which are made a unit vector before. So the grain of two pictures
    correlates by chance alone, with a spread of 1/√C in a place.
    """

    fields: Tensor

    def __init__(self, channels: int, side: int) -> None:
        super().__init__()
        self.shape = (GRAIN_CHANNELS, side // 2, side // 2)
        patch = side // 2 // LATENT_SIDE  # the side of what one place of the latent map covers
        self.register_buffer("fields", torch.randn(channels, GRAIN_CHANNELS, LATENT_SIDE, patch, LATENT_SIDE, patch))

    def forward(self, noise: Tensor) -> Tensor:
        """Noise (N, C·G·G) → grain (N, 4, S/2, S/2)."""
        mix = F.normalize(
            noise.view(-1, len(self.fields), 1, LATENT_SIDE, 1, LATENT_SIDE, 1), dim=1
        )  # (N, C, 1, G, 1, G, 1)
        grain: Tensor = (mix * self.fields).sum(1)  # (N, 4, G, S/2G, G, S/2G)
        return grain.view(-1, *self.shape)  # (N, 4, S/2, S/2)
