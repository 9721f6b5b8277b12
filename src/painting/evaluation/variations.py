"""How a probe's pictures are varied while it trains, so that few of them teach it more.

N pictures, S side in px.
"""

from typing import Literal

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from painting.images import UInt8Array

Variation = Literal["mirrored", "warped"]

TURN = 0.2  # radians, to either side
SHEAR = 0.2
STRETCH = 0.12  # of the logarithm of height and of width, by themselves
SHIFT = 2.0  # px


def vary(pictures: UInt8Array, how: Variation, draws: np.random.Generator) -> UInt8Array:
    """Vary each of the pictures (N, S, S, 3) by itself."""
    return mirrored(pictures, draws) if how == "mirrored" else warped(pictures, draws)


def mirrored(pictures: UInt8Array, draws: np.random.Generator) -> UInt8Array:
    """Mirror about half of the pictures (N, S, S, 3); flowers bear that, digits do not."""
    half = draws.random(len(pictures)) < 0.5
    varied = pictures.copy()
    varied[half] = pictures[half, :, ::-1]
    return varied


def warped(pictures: UInt8Array, draws: np.random.Generator) -> UInt8Array:
    """Turn, shear, stretch and shift each of the pictures (N, S, S, 3) a little; its border fills what it leaves."""
    maps = torch.from_numpy(pictures).permute(0, 3, 1, 2).float()  # (N, 3, S, S)
    matrices = torch.from_numpy(_matrices(len(pictures), pictures.shape[1], draws))
    places = F.affine_grid(matrices, list(maps.shape), align_corners=False)  # (N, S, S, 2)
    moved = F.grid_sample(maps, places, padding_mode="border", align_corners=False)
    varied: UInt8Array = moved.round().to(torch.uint8).permute(0, 2, 3, 1).numpy()
    return varied


def _matrices(count: int, side: int, draws: np.random.Generator) -> NDArray[np.float32]:
    """Where each place of a varied picture comes from, in halves of a side from the middle: (N, 2, 3)."""
    turn, shear = draws.uniform(-TURN, TURN, count), draws.uniform(-SHEAR, SHEAR, count)
    wide, high = np.exp(draws.uniform(-STRETCH, STRETCH, (2, count)))
    right, down = draws.uniform(-SHIFT, SHIFT, (2, count)) * 2 / side
    rows = [[wide * np.cos(turn), shear - np.sin(turn), right], [np.sin(turn), high * np.cos(turn), down]]
    return np.moveaxis(np.array(rows, np.float32), 2, 0)
