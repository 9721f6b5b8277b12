"""Random backgrounds: networks of RGB are given transparent pictures on white, or on a random colour."""

import torch
from torch import Tensor

from painting.models.alpha import composite

WHITE_PROBABILITY = 0.5
"""White is what most viewers lay a picture on; other colours show where it is transparent."""


def on_random_backgrounds(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Pictures float (N, 3 or 4, S, S) in [-1, 1], each over its own colour: float (N, 3, S, S).

    Generators in the same state give the same colours, and of RGB pictures nothing is drawn.
    """
    if pictures.shape[1] == 3:
        return pictures
    drawn = torch.rand(len(pictures), 4, generator=generator, device=pictures.device)  # (N, 4)
    colors = 2 * drawn[:, :3] - 1  # (N, 3)
    is_white = drawn[:, 3:] < WHITE_PROBABILITY  # (N, 1)
    return composite(pictures, torch.where(is_white, 1.0, colors)[:, :, None, None])
