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

    Input: float (N, C·8·8), standard normal. Output: float (N, 4, S/2, S/2), standard normal too: each place of the
    8×8 of the noise mixes C stored fields by its C numbers, which are made a unit vector before.
    """

    fields: Tensor

    def __init__(self, channels: int, side: int) -> None:
        super().__init__()
        self.shape, patch = (SQUARE, side // 2, side // 2), side // 2 // GRID
        self.register_buffer("fields", torch.randn(channels, SQUARE, GRID, patch, GRID, patch))

    def forward(self, noise: Tensor) -> Tensor:
        mix = F.normalize(noise.view(-1, len(self.fields), 1, GRID, 1, GRID, 1), dim=1)
        grain: Tensor = (mix * self.fields).sum(1)
        return grain.view(-1, *self.shape)  # (N, 4, S/2, S/2)
