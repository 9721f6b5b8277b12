"""Grain: the random numbers that a decoder makes textures of (Karras et al. 2019), as a function of the noise.

With one grain for all pictures, as was tried, the sky of any two has the very same texture. With grain drawn anew a
picture is never painted twice alike, and a morph flickers.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from painting.models.layers import GRID

SQUARE = 4
"""The numbers that each square of 2×2 px has: grain comes in at half a picture's side."""


class Grain(nn.Module):
    """Another grain for every noise, always the same for one, and turning slowly where noise does.

    Input: float (N, C·G·G), standard normal. Output: float (N, 4, S/2, S/2), standard normal too: each of the noise's
    G×G places mixes C stored fields by its C numbers, which are made a unit vector before. So the grain of two pictures
    correlates by chance alone, with a spread of 1/√C in a place.
    """

    fields: Tensor

    def __init__(self, channels: int, side: int) -> None:
        super().__init__()
        self.shape, patch = (SQUARE, side // 2, side // 2), side // 2 // GRID
        self.register_buffer("fields", torch.randn(channels, SQUARE, GRID, patch, GRID, patch))

    def forward(self, noise: Tensor) -> Tensor:
        mix = F.normalize(noise.view(-1, len(self.fields), 1, GRID, 1, GRID, 1), dim=1)  # (N, C, 1, G, 1, G, 1)
        grain: Tensor = (mix * self.fields).sum(1)  # (N, 4, G, S/2G, G, S/2G)
        return grain.view(-1, *self.shape)  # (N, 4, S/2, S/2)
