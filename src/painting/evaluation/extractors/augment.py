"""How a probe's pictures are varied while it trains, so that few of them teach it more.

N pictures, S side in px.
"""

from typing import Literal

import numpy as np
import torch

from painting.data.affine_augment import affine_augment
from painting.images import UInt8Array

Variation = Literal["mirrored", "warped"]


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
    varied: UInt8Array = affine_augment(maps, draws).round().to(torch.uint8).permute(0, 2, 3, 1).numpy()
    return varied
