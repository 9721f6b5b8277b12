"""Random affine augmentation: rotation, shear, scale and shift, as one hand's writing differs from another's.

N pictures, C channels, S side in px.
"""

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

MAX_ROTATION_RADIANS = 0.2
MAX_SHEAR = 0.2
MAX_LOG_STRETCH = 0.12  # natural logarithm of the scale, of width and height separately
MAX_SHIFT_PX = 2.0


def affine_augment(maps: Tensor, generator: np.random.Generator) -> Tensor:
    """Transform each of the pictures float (N, C, S, S) by itself; what comes from outside repeats the border."""
    matrices = torch.from_numpy(_sampling_matrices(len(maps), maps.shape[-1], generator)).to(maps.device)
    positions = F.affine_grid(matrices, list(maps.shape), align_corners=False)  # (N, S, S, 2)
    return F.grid_sample(maps, positions, padding_mode="border", align_corners=False)


def _sampling_matrices(count: int, side: int, generator: np.random.Generator) -> NDArray[np.float32]:
    """Affine matrices (N, 2, 3) from output to input positions, in half sides from the middle (as affine_grid)."""
    turn = generator.uniform(-MAX_ROTATION_RADIANS, MAX_ROTATION_RADIANS, count)
    shear = generator.uniform(-MAX_SHEAR, MAX_SHEAR, count)
    wide, high = np.exp(generator.uniform(-MAX_LOG_STRETCH, MAX_LOG_STRETCH, (2, count)))
    right, down = generator.uniform(-MAX_SHIFT_PX, MAX_SHIFT_PX, (2, count)) * 2 / side  # a side is 2 long
    rows = [[wide * np.cos(turn), shear - np.sin(turn), right], [np.sin(turn), high * np.cos(turn), down]]
    return np.moveaxis(np.array(rows, np.float32), 2, 0)
