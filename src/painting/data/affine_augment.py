"""Pictures turned, sheared, stretched and shifted a little, as one hand's writing differs from another's.

N pictures, C channels, S side in px.
"""

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

TURN = 0.2  # radians, to either side
SHEAR = 0.2
STRETCH = 0.12  # of the logarithm of height and of width, by themselves
SHIFT = 2.0  # px


def affine_augment(maps: Tensor, draws: np.random.Generator) -> Tensor:
    """Warp each of the pictures float (N, C, S, S) by itself; its border fills what it leaves."""
    matrices = torch.from_numpy(_matrices(len(maps), maps.shape[-1], draws)).to(maps.device)
    places = F.affine_grid(matrices, list(maps.shape), align_corners=False)  # (N, S, S, 2)
    return F.grid_sample(maps, places, padding_mode="border", align_corners=False)


def _matrices(count: int, side: int, draws: np.random.Generator) -> NDArray[np.float32]:
    """Where each place of a varied picture comes from, in halves of a side from the middle: (N, 2, 3)."""
    turn, shear = draws.uniform(-TURN, TURN, count), draws.uniform(-SHEAR, SHEAR, count)
    wide, high = np.exp(draws.uniform(-STRETCH, STRETCH, (2, count)))
    right, down = draws.uniform(-SHIFT, SHIFT, (2, count)) * 2 / side
    rows = [[wide * np.cos(turn), shear - np.sin(turn), right], [np.sin(turn), high * np.cos(turn), down]]
    return np.moveaxis(np.array(rows, np.float32), 2, 0)
