"""Pictures with transparency in networks: colours laid on white, and alpha.

So the first three channels are a picture as networks of RGB know it, whatever lies below is affine in the four, and a
colour that is invisible has no say. N pictures, C = 3 or 4 channels, S side in px.
"""

import torch
from torch import Tensor

from painting.models.layers import to_pixels

HALF_LEVEL = 0.5 / 255
"""An alpha below this is 0 as 8 bits."""


def composite(pictures: Tensor, background: Tensor) -> Tensor:
    """Pictures float (N, C, S, S) in [-1, 1] over a colour of each, (N, 3, 1, 1): float (N, 3, S, S).

    What is laid on white, w = a·colour + (1 − a), lies on a background b as w − (1 − a)(1 − b). Three channels are
    opaque.
    """
    if pictures.shape[1] == 3:
        return pictures
    on_white = pictures[:, :3]  # (N, 3, S, S)
    alpha = pictures[:, 3:]  # (N, 1, S, S)
    return on_white - (1 - alpha) / 2 * (1 - background)


def to_painted_pixels(pictures: Tensor) -> Tensor:
    """Pictures float (N, C, S, S) about in [-1, 1] → uint8 (N, S, S, C): RGB, or straight (unassociated) RGBA.

    Where alpha is 0 the colour is white.
    """
    if pictures.shape[1] == 3:
        return to_pixels(pictures)
    levels = (pictures.clamp(-1, 1) + 1) / 2  # (N, 4, S, S) in [0, 1]
    on_white = levels[:, :3]  # (N, 3, S, S)
    alpha = levels[:, 3:]  # (N, 1, S, S)
    visible = alpha.clamp_min(HALF_LEVEL)
    colors = 1 - ((1 - on_white) / visible).clamp(0, 1) * (alpha >= HALF_LEVEL)  # (N, 3, S, S)
    return to_pixels(2 * torch.cat([colors, alpha], dim=1) - 1)
