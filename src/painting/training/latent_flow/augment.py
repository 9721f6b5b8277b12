"""DiffAugment: differentiable augmentation of real and generated pictures alike (Zhao et al. 2020).

Translation, brightness, contrast and cutout keep a discriminator from memorising few photographs. Hue and saturation
stay as they are: captions name colours.
Letters: N pictures, S side in px.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

MAX_SHIFT = 1 / 8
"""The largest translation, as a share of the side; what comes in is grey."""
MAX_BRIGHTNESS = 0.2
"""The largest brightness that is added or taken, of pictures in [-1, 1]."""
MAX_CONTRAST = 0.25
"""The largest relative change of contrast."""
CUTOUT_SIDE = 0.4
"""The side of the cut-out square, as a share of the picture's."""
CUTOUT_PROBABILITY = 0.5


def diff_augment(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Augment pictures (N, 3, S, S) in [-1, 1], each by its own draw; gradients pass through what remains of them."""
    drawn = torch.rand(len(pictures), 7, generator=generator, device=pictures.device)  # (N, 7)
    brightness, contrast, across, down, left, top, cutout = drawn.unbind(1)  # each (N,)
    pictures = pictures + MAX_BRIGHTNESS * _per_picture(2 * brightness - 1)
    mean = pictures.mean((1, 2, 3), keepdim=True)
    pictures = mean + (pictures - mean) * (1 + MAX_CONTRAST * _per_picture(2 * contrast - 1))
    pictures = _translate(pictures, across, down)
    square = _square_mask(pictures.shape[-1], left, top)  # (N, 1, S, S)
    return pictures.masked_fill(square & _per_picture(cutout < CUTOUT_PROBABILITY), 0.0)


def _per_picture(values: Tensor) -> Tensor:
    """(N,) → (N, 1, 1, 1)."""
    return values[:, None, None, None]


def _translate(pictures: Tensor, across: Tensor, down: Tensor) -> Tensor:
    """Each picture moved by whole pixels; `across` and `down` (N,) in [0, 1), where 0.5 is no movement."""
    n = len(pictures)
    side = pictures.shape[-1]
    most = int(side * MAX_SHIFT)
    pixels = torch.arange(side, device=pictures.device)  # (S,)
    columns, rows = ((part * (2 * most + 1)).long()[:, None] + pixels for part in (across, down))  # (N, S) each
    padded = F.pad(pictures, (most,) * 4).permute(0, 2, 3, 1)  # (N, S + 2 most, S + 2 most, 3)
    picture = torch.arange(n, device=pictures.device)[:, None, None]  # (N, 1, 1)
    return padded[picture, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def _square_mask(side: int, left: Tensor, top: Tensor) -> Tensor:
    """Where a square lies whose middle, `left` and `top` (N,) in [0, 1), is anywhere: bool (N, 1, S, S)."""
    pixels = torch.arange(side, device=left.device)
    across, down = ((pixels - (middle * side)[:, None]).abs() < CUTOUT_SIDE * side / 2 for middle in (left, top))
    return (down[:, :, None] & across[:, None, :])[:, None]
