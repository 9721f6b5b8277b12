"""TAC-GAN: a text-conditioned generator and a discriminator with an auxiliary classifier (Dash et al. 2017).

latent noise + text vector → maps of 8×8 → four upsamplings → picture → four downsamplings → maps of 8×8 → one logit
(real with a matching caption?) and class logits. In the shape of the thesis that this project grew from.
Letters: N pictures, Z = 100 size of a latent, E width of a text vector, S side of a picture in px (8·2ᵏ, 128),
K classes.
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

BASE_SIDE = 8
"""The side of the maps that a generator starts with and a discriminator ends with."""
TEXT_CHANNELS = 20
"""The channels that a text vector is projected onto, beside the maps of a latent or picture."""
GENERATOR_WIDTHS = (1024, 512, 256, 128, 64)
DISCRIMINATOR_WIDTHS = (128, 256, 512, 1024)
"""The thesis's: 18.5 and, with 512-wide text and 102 classes, 18.4 M parameters."""


class TacGenerator(nn.Module):
    """Latents float (N, Z), standard normal, and text vectors float (N, E) → pictures float (N, 3, S, S) in (-1, 1).

    Each width after the first doubles the side, from 8 px on. The shapes beside the lines are those of the thesis's.
    """

    def __init__(self, text_width: int, widths: Sequence[int] = GENERATOR_WIDTHS) -> None:
        super().__init__()
        first, *rest = widths
        self.project_latents = ProjectAndReshape(LATENT_SIZE, first, BASE_SIDE)
        self.project_text = ProjectAndReshape(text_width, TEXT_CHANNELS, BASE_SIDE)
        self.upsample = UpsampleStack((first + TEXT_CHANNELS, *rest))
        self.out = ToPicture(rest[-1], 3)
        dcgan_init(self)

    def forward(self, latents: Tensor, text: Tensor) -> Tensor:
        """Latents (N, Z) and text vectors (N, E) → pictures (N, 3, S, S)."""
        x = torch.cat([self.project_latents(latents), self.project_text(text)], dim=1)  # (N, 1044, 8, 8)
        x = self.upsample(x)  # (N, 64, 128, 128)
        pictures: Tensor = self.out(x)  # (N, 3, 128, 128)
        return pictures


class TacDiscriminator(nn.Module):
    """Discriminator of pictures with their captions, and auxiliary classifier of the pictures.

    `features` computes a picture's maps once; `logits` then compares them with any number of captions, and `classify`
    gives the class of the picture alone: captions often name the class, and a head that could read it there would
    teach the generator nothing.
    """

    def __init__(self, text_width: int, classes: int, widths: Sequence[int] = DISCRIMINATOR_WIDTHS) -> None:
        super().__init__()
        self.downsample = DownsampleStack((3, *widths), normalised=True)
        self.project_text = ProjectAndReshape(text_width, TEXT_CHANNELS, BASE_SIDE)
        self.head = nn.Conv2d(widths[-1] + TEXT_CHANNELS, 1, BASE_SIDE)
        self.class_head = nn.Conv2d(widths[-1], classes, BASE_SIDE) if classes else None
        dcgan_init(self)

    def forward(self, pictures: Tensor, text: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures float (N, 3, S, S) in [-1, 1], text float (N, E) → logits (N,) and class logits (N, K)."""
        features = self.features(pictures)  # (N, 1024, 8, 8)
        return self.logits(features, text), self.classify(features)

    def features(self, pictures: Tensor) -> Tensor:
        """Pictures float (N, 3, S, S) in [-1, 1] → maps float (N, 1024, 8, 8)."""
        features: Tensor = self.downsample(pictures)
        return features

    def logits(self, features: Tensor, text: Tensor) -> Tensor:
        """Maps (N, 1024, 8, 8) and text vectors (N, E) → logits (N,), positive for real with a matching caption."""
        joined = torch.cat([features, self.project_text(text)], dim=1)  # (N, 1044, 8, 8)
        logits: Tensor = self.head(joined).flatten()  # (N,)
        return logits

    def classify(self, features: Tensor) -> Tensor:
        """Maps (N, 1024, 8, 8) → class logits (N, K); K = 0 where the data have no classes."""
        if self.class_head is None:
            return features.new_zeros(len(features), 0)
        logits: Tensor = self.class_head(features).flatten(1)  # (N, K)
        return logits
