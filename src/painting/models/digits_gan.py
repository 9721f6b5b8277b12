"""The digits GAN: a generator and a discriminator of 28 px gray pictures, small enough to learn from.

A picture travels: latent noise → maps of 7×7 → two doublings → picture → two halvings → one logit.
Letters: N pictures, Z = 100 size of a latent, S = 28 side of a picture in px, K classes.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from painting.models.gan_layers import Doublings, Halvings, Spread, ToPicture, initialise
from painting.models.layers import to_levels

LATENT, SIDE, FIRST_SIDE = 100, 28, 7
GENERATOR_WIDTHS = (512, 256, 128)
DISCRIMINATOR_WIDTHS = (128, 256)
READER_WIDTHS = (64, 128)
VOTE = 3.0
"""What the elected class's number becomes: well above the others of a latent."""
SHARPNESS = 100.0
"""Of the election: only 2% of latents have two leaders so near each other that both count."""


class DigitsGenerator(nn.Module):
    """Latents float (N, Z), standard normal → pictures float (N, 1, S, S) in (-1, 1).

    With `classes` a latent's first K numbers elect what is painted. The shapes beside the lines are those of the usual
    widths.
    """

    def __init__(self, widths: Sequence[int] = GENERATOR_WIDTHS, classes: int = 0) -> None:
        super().__init__()
        self.classes = classes
        self.spread = Spread(LATENT, widths[0], FIRST_SIDE)
        self.doublings = Doublings(widths)
        self.out = ToPicture(widths[-1], 1)
        initialise(self)

    def forward(self, latents: Tensor) -> Tensor:
        x = self.spread(elected(latents, self.classes))  # (N, 512, 7, 7)
        x = self.doublings(x)  # (N, 128, 28, 28)
        pictures: Tensor = self.out(x)  # (N, 1, 28, 28)
        return pictures


def elected(latents: Tensor, classes: int) -> Tensor:
    """Latents (N, Z) with the first K numbers turned into a vote: VOTE for the largest, nearly 0 for the others.

    Digits are islands; between them lie pictures that are no digit. A latent without a step in it has to cross there.
    """
    if classes == 0:
        return latents
    votes = VOTE * torch.softmax(SHARPNESS * latents[:, :classes], 1)
    return torch.cat([votes, latents[:, classes:]], 1)


class DigitsDiscriminator(nn.Module):
    """Pictures float (N, 1, S, S) in [-1, 1] → logits float (N,): above 0 where they look real."""

    def __init__(self, widths: Sequence[int] = DISCRIMINATOR_WIDTHS, normalised: bool = True) -> None:
        super().__init__()
        self.halvings = Halvings((1, *widths), normalised)
        self.judge = nn.Conv2d(widths[-1], 1, FIRST_SIDE)
        initialise(self)

    def forward(self, pictures: Tensor) -> Tensor:
        x = self.halvings(pictures)  # (N, 256, 7, 7)
        logits: Tensor = self.judge(x).flatten()  # (N,)
        return logits


class DigitsReader(nn.Module):
    """Pictures float (N, 1, S, S) in [-1, 1] → class logits float (N, K), in training alone."""

    def __init__(self, classes: int, widths: Sequence[int] = READER_WIDTHS) -> None:
        super().__init__()
        self.halvings = Halvings((1, *widths), normalised=False)
        self.read = nn.Conv2d(widths[-1], classes, FIRST_SIDE)

    def forward(self, pictures: Tensor) -> Tensor:
        x = self.halvings(pictures)  # (N, 128, 7, 7)
        logits: Tensor = self.read(x).flatten(1)  # (N, K)
        return logits


class DigitsSampler(nn.Module):
    """The painter: latents float (N, Z) → uint8 (N, S, S, 3), the same gray three times."""

    def __init__(self, generator: DigitsGenerator) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, latents: Tensor) -> Tensor:
        pictures = self.generator(latents)  # (N, 1, S, S)
        return to_levels(pictures.expand(-1, 3, -1, -1))  # (N, S, S, 3)
