"""The digits GAN: a generator and a discriminator of 28 px gray pictures, small enough to learn from.

A picture travels: latent noise → maps of 7×7 → two doublings → picture → two halvings → one logit.
Letters: N pictures, Z = 100 size of a latent, S = 28 side of a picture in px.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from painting.models.gan_layers import Doublings, Halvings, Spread, ToPicture, initialise
from painting.models.layers import to_levels

LATENT, SIDE, FIRST_SIDE = 100, 28, 7
GENERATOR_WIDTHS = (512, 256, 128)
DISCRIMINATOR_WIDTHS = (128, 256)


class DigitsGenerator(nn.Module):
    """Latents float (N, Z), standard normal → pictures float (N, 1, S, S) in (-1, 1).

    The shapes beside the lines are those of the usual widths.
    """

    def __init__(self, widths: Sequence[int] = GENERATOR_WIDTHS) -> None:
        super().__init__()
        self.spread = Spread(LATENT, widths[0], FIRST_SIDE)
        self.doublings = Doublings(widths)
        self.out = ToPicture(widths[-1], 1)
        initialise(self)

    def forward(self, latents: Tensor) -> Tensor:
        x = self.spread(latents)  # (N, 512, 7, 7)
        x = self.doublings(x)  # (N, 128, 28, 28)
        pictures: Tensor = self.out(x)  # (N, 1, 28, 28)
        return pictures


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


class DigitsSampler(nn.Module):
    """The painter: latents float (N, Z) → uint8 (N, S, S, 3), the same gray three times."""

    def __init__(self, generator: DigitsGenerator) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, latents: Tensor) -> Tensor:
        pictures = self.generator(latents)  # (N, 1, S, S)
        return to_levels(pictures.expand(-1, 3, -1, -1))  # (N, S, S, 3)
