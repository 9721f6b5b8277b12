"""Augmentation of the classifier's training pictures.

N pictures, S side in px.
"""

from typing import Literal

import numpy as np
import torch

from painting.data.affine_augment import affine_augment
from painting.images import UInt8Array

Augmentation = Literal["mirrored", "warped"]


def augment(pictures: UInt8Array, augmentation: Augmentation, generator: np.random.Generator) -> UInt8Array:
    """Transform each of the pictures (N, S, S, 3) at random by itself."""
    return random_flip(pictures, generator) if augmentation == "mirrored" else random_warp(pictures, generator)


def random_flip(pictures: UInt8Array, generator: np.random.Generator) -> UInt8Array:
    """Mirror about half of the pictures (N, S, S, 3) left to right: right for flowers, wrong for digits."""
    flipped = generator.random(len(pictures)) < 0.5
    augmented = pictures.copy()
    augmented[flipped] = pictures[flipped, :, ::-1]
    return augmented


def random_warp(pictures: UInt8Array, generator: np.random.Generator) -> UInt8Array:
    """Rotate, shear, scale and shift each of the pictures (N, S, S, 3) a little; border pixels fill the gaps."""
    images = torch.from_numpy(pictures).permute(0, 3, 1, 2).float()  # (N, 3, S, S)
    warped = affine_augment(images, generator).round().to(torch.uint8)
    augmented: UInt8Array = warped.permute(0, 2, 3, 1).numpy()
    return augmented
