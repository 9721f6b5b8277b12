"""The digits GAN: a DCGAN generator and discriminator of 28 px gray pictures, small enough to learn from.

latent noise → maps of 7×7 → two upsamplings → picture → two downsamplings → one logit
Letters: N pictures, Z = 100 size of a latent, S = 28 side of a picture in px, K classes.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from painting.models.gan_layers import (
    LATENT_SIZE,
    DownsampleStack,
    ProjectAndReshape,
    ToPicture,
    UpsampleStack,
    dcgan_init,
)

PICTURE_SIDE = 28
BASE_SIDE = 7
"""The side of the maps that a generator starts with and a discriminator ends with."""
GENERATOR_WIDTHS = (512, 256, 128)
DISCRIMINATOR_WIDTHS = (128, 256)
CLASSIFIER_WIDTHS = (64, 128)
CLASS_CODE_SCALE = 3.0
"""The class code's number for the chosen class: well above the others of a latent, which are standard normal."""
CLASS_CODE_SHARPNESS = 100.0
"""Inverse temperature of the class code's softmax: only 2% of latents have two classes so near that both count."""


class DigitsGenerator(nn.Module):
    """Latents float (N, Z), standard normal → pictures float (N, 1, S, S) in (-1, 1).

    With `classes` a latent's first K numbers choose the class (`class_code`). The shapes beside the lines are those of
    the default widths.
    """

    def __init__(self, widths: Sequence[int] = GENERATOR_WIDTHS, classes: int = 0) -> None:
        super().__init__()
        self.classes = classes
        self.project = ProjectAndReshape(LATENT_SIZE, widths[0], BASE_SIDE)
        self.upsample = UpsampleStack(widths)
        self.out = ToPicture(widths[-1], 1)
        dcgan_init(self)

    def forward(self, latents: Tensor) -> Tensor:
        """Latents (N, Z) → pictures (N, 1, S, S)."""
        x = self.project(class_code(latents, self.classes))  # (N, 512, 7, 7)
        x = self.upsample(x)  # (N, 128, 28, 28)
        pictures: Tensor = self.out(x)  # (N, 1, 28, 28)
        return pictures


def class_code(latents: Tensor, classes: int) -> Tensor:
    """Latents (N, Z) with their first K numbers made a soft one-hot class code: CLASS_CODE_SCALE · softmax.

    Digits are islands; between them lie pictures that are no digit. A latent without a step in it has to cross there.
    """
    if classes == 0:
        return latents
    code = CLASS_CODE_SCALE * torch.softmax(CLASS_CODE_SHARPNESS * latents[:, :classes], 1)  # (N, K)
    return torch.cat([code, latents[:, classes:]], 1)


class DigitsDiscriminator(nn.Module):
    """Pictures float (N, 1, S, S) in [-1, 1] → logits float (N,), positive for real."""

    def __init__(self, widths: Sequence[int] = DISCRIMINATOR_WIDTHS, normalised: bool = True) -> None:
        super().__init__()
        self.downsample = DownsampleStack((1, *widths), normalised)
        self.head = nn.Conv2d(widths[-1], 1, BASE_SIDE)
        dcgan_init(self)

    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures (N, 1, S, S) → logits (N,)."""
        x = self.downsample(pictures)  # (N, 256, 7, 7)
        logits: Tensor = self.head(x).flatten()  # (N,)
        return logits


class DigitsClassifier(nn.Module):
    """Auxiliary classifier, used in training alone: pictures float (N, 1, S, S) in [-1, 1] → class logits (N, K)."""

    def __init__(self, classes: int, widths: Sequence[int] = CLASSIFIER_WIDTHS) -> None:
        super().__init__()
        self.downsample = DownsampleStack((1, *widths), normalised=False)
        self.head = nn.Conv2d(widths[-1], classes, BASE_SIDE)

    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures (N, 1, S, S) → class logits (N, K)."""
        x = self.downsample(pictures)  # (N, 128, 7, 7)
        logits: Tensor = self.head(x).flatten(1)  # (N, K)
        return logits
