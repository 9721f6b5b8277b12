"""TAC-GAN: a generator told what to paint by a text vector, and a discriminator that also names the class.

A picture travels: latent noise + text vector → maps of 8×8 → four doublings → picture → four halvings → maps of 8×8
→ a logit (real, and told so by its caption?) and the class. Text-conditioned auxiliary classifier GAN (Dash et al.
2017), in the shape of the thesis that this project grew from.
Letters: N pictures, Z = 100 size of a latent, E width of a text vector, S side of a picture in px (8·2ᵏ, 128),
K classes.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from painting.models.gan_layers import Doublings, Halvings, Spread, ToPicture, initialise
from painting.models.layers import to_levels

LATENT, FIRST_SIDE, TEXT_MAPS = 100, 8, 20
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
        self.spread_latents = Spread(LATENT, first, FIRST_SIDE)
        self.spread_text = Spread(text_width, TEXT_MAPS, FIRST_SIDE)
        self.doublings = Doublings((first + TEXT_MAPS, *rest))
        self.out = ToPicture(rest[-1], 3)
        initialise(self)

    def forward(self, latents: Tensor, text: Tensor) -> Tensor:
        x = torch.cat([self.spread_latents(latents), self.spread_text(text)], dim=1)  # (N, 1044, 8, 8)
        x = self.doublings(x)  # (N, 64, 128, 128)
        pictures: Tensor = self.out(x)  # (N, 3, 128, 128)
        return pictures


class TacDiscriminator(nn.Module):
    """Says whether a picture is real and its caption right, and which class it shows.

    `see` does the work on a picture once; `judge` then weighs it against any number of captions, and `classify` names
    the class from the picture alone: a caption often tells the class, and a head that could read it there would teach
    the generator nothing.
    """

    def __init__(self, text_width: int, classes: int, widths: Sequence[int] = DISCRIMINATOR_WIDTHS) -> None:
        super().__init__()
        maps = widths[-1]
        self.halvings = Halvings((3, *widths), normalised=True)
        self.spread_text = Spread(text_width, TEXT_MAPS, FIRST_SIDE)
        self.judgement = nn.Conv2d(maps + TEXT_MAPS, 1, FIRST_SIDE)
        self.classes = nn.Conv2d(maps, classes, FIRST_SIDE) if classes else None
        initialise(self)

    def forward(self, pictures: Tensor, text: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures float (N, 3, S, S) in [-1, 1], text float (N, E) → logits (N,) and class logits (N, K)."""
        maps = self.see(pictures)  # (N, 1024, 8, 8)
        return self.judge(maps, text), self.classify(maps)

    def see(self, pictures: Tensor) -> Tensor:
        """Pictures float (N, 3, S, S) in [-1, 1] → maps float (N, 1024, 8, 8)."""
        maps: Tensor = self.halvings(pictures)
        return maps

    def judge(self, maps: Tensor, text: Tensor) -> Tensor:
        """Maps (N, 1024, 8, 8) beside captions (N, E) → logits (N,): above 0 for real and rightly told."""
        joined = torch.cat([maps, self.spread_text(text)], dim=1)  # (N, 1044, 8, 8)
        logits: Tensor = self.judgement(joined).flatten()  # (N,)
        return logits

    def classify(self, maps: Tensor) -> Tensor:
        """Maps (N, 1024, 8, 8) → class logits (N, K); K = 0 where the data have no classes."""
        if self.classes is None:
            return maps.new_zeros(len(maps), 0)
        logits: Tensor = self.classes(maps).flatten(1)  # (N, K)
        return logits


class TacSampler(nn.Module):
    """The painter: latents float (N, Z), standardised text vectors float (N, E) → pictures uint8 (N, S, S, 3)."""

    def __init__(self, generator: TacGenerator) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, latents: Tensor, text: Tensor) -> Tensor:
        return to_levels(self.generator(latents, text))
