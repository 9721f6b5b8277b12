"""What a discriminator sees of pictures: shifted, lighter or darker, with a square cut out, so that it cannot learn
few photographs by heart.

Zhao et al. 2020, differentiable augmentation of real and painted pictures alike. Hue and saturation stay: captions name
colours. Letters: N pictures, S side in px.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

SHIFT = 1 / 8
"""By how much of the side a picture is moved at most; what comes in is grey."""
LIGHT, CONTRAST = 0.2, 0.25
"""By how much at most light is added, and contrast multiplied."""
CUT = 0.4
"""The side of what is cut out, as a part of the picture's."""
CUT_SHARE = 0.5
"""How many pictures lose a square."""


def augmented(pictures: Tensor, random: torch.Generator) -> Tensor:
    """Pictures (N, 3, S, S) in [-1, 1], each augmented by itself, with gradients through all that is seen of them."""
    drawn = torch.rand(len(pictures), 7, generator=random, device=pictures.device)  # (N, 7)
    light, contrast, across, down, left, top, whether = drawn.unbind(1)  # each (N,)
    pictures = pictures + LIGHT * _of_pictures(2 * light - 1)
    mean = pictures.mean((1, 2, 3), keepdim=True)
    pictures = mean + (pictures - mean) * (1 + CONTRAST * _of_pictures(2 * contrast - 1))
    pictures = _shifted(pictures, across, down)
    return pictures.masked_fill(_square(pictures.shape[-1], left, top) & _of_pictures(whether < CUT_SHARE), 0.0)


def _of_pictures(values: Tensor) -> Tensor:
    """(N,) → (N, 1, 1, 1)."""
    return values[:, None, None, None]


def _shifted(pictures: Tensor, across: Tensor, down: Tensor) -> Tensor:
    """Each picture moved by whole pixels; 0.5 (N,) is not at all."""
    n, side = len(pictures), pictures.shape[-1]
    most = int(side * SHIFT)
    places = torch.arange(side, device=pictures.device)
    columns, rows = ((part * (2 * most + 1)).long()[:, None] + places for part in (across, down))  # (N, S) each
    padded = F.pad(pictures, (most,) * 4).permute(0, 2, 3, 1)  # (N, S + 2 most, S + 2 most, 3)
    which = torch.arange(n, device=pictures.device)[:, None, None]
    return padded[which, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def _square(side: int, left: Tensor, top: Tensor) -> Tensor:
    """Where a square is whose middle lies anywhere: bool (N, 1, S, S)."""
    places = torch.arange(side, device=left.device)
    across, down = ((places - (middle * side)[:, None]).abs() < CUT * side / 2 for middle in (left, top))  # (N, S)
    return (down[:, :, None] & across[:, None, :])[:, None]
