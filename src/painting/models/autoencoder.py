"""The autoencoder of the latent flow painter, and the networks that judge what it gives back.

A picture travels: picture → Encoder → latent map → Decoder → picture.
Letters: N pictures, S side of a picture in px, C latent channels, G = 8 side of a latent map, A attributes.
"""

import itertools
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from painting.models.grain import SQUARE, Grain
from painting.models.layers import GRID, Downsample, LateUpsample, ResidualBlock, Upsample, alike_init, norm

GRAIN_STD = 0.1
"""The spread of the weights by which a fresh decoder takes its grain."""


class Encoder(nn.Module):
    """Pictures → maps of an eighth, a quarter … of their side, a stage for each width.

    Input: float (N, 3, S, S) in [-1, 1]. Output: float (N, C, S / 2^stages, S / 2^stages).
    """

    def __init__(self, widths: Sequence[int], channels: int) -> None:
        super().__init__()
        self.stages = nn.ModuleList(
            Downsample(before, after) for before, after in zip([3, *widths], widths, strict=False)
        )
        self.out = nn.Sequential(norm(widths[-1]), nn.SiLU(), nn.Conv2d(widths[-1], channels, 3, padding=1))

    def forward(self, pictures: Tensor) -> Tensor:
        maps: Tensor = self.out(self.features(pictures)[-1])  # (N, C, G, G)
        return maps

    def features(self, pictures: Tensor, stages: int | None = None) -> list[Tensor]:
        """What each stage, or each of the first ones, sees: (N, widths[i], S / 2^(i+1), S / 2^(i+1)) for stage i."""
        seen = []
        x = pictures
        for stage in self.stages[:stages]:
            x = stage(x)
            seen.append(x)
        return seen


class Decoder(nn.Module):
    """Latent maps → pictures, the encoder's mirror.

    Input: float (N, C, G, G). Output: float (N, 3, S, S), about in [-1, 1] (not clipped: clipping stops gradients).
    """

    def __init__(self, channels: int, widths: Sequence[int]) -> None:
        super().__init__()
        self.into = nn.Conv2d(channels, widths[0], 3, padding=1)
        self.stages = nn.Sequential(*(Upsample(a, b) for a, b in itertools.pairwise(widths)))
        self.out = nn.Sequential(norm(widths[-1]), nn.SiLU(), nn.Conv2d(widths[-1], 3, 3, padding=1))

    def forward(self, latents: Tensor, noise: Tensor | None = None) -> Tensor:
        """Decode; what a `GrownDecoder` makes grain of, this one has no use for."""
        x = self.into(latents)  # (N, widths[0], G, G)
        x = self.stages(x)  # (N, widths[-1], S, S)
        pictures: Tensor = self.out(x)  # (N, 3, S, S)
        return pictures


class GrownDecoder(nn.Module):
    """Latent maps → pictures of twice the side that a `Decoder` of as many widths gives.

    Inputs: float (N, C, G, G), and noise float (N, C·G·G), standard normal, that the grain is made of.
    Output: float (N, 3, S, S), about in [-1, 1].
    Each doubling convolves before it spreads the pixels, and the last one lays four channels out as a square
    (Shi et al. 2016), so that no layer computes at full size: a third of the arithmetic of doing otherwise. Pixels are
    averaged with those above and to the left at last, as the squares' corners drift apart into a grid otherwise
    (Sugawara et al. 2018).
    Grain comes in where the side is doubled last, where a block can still tell petals from sky: without it a decoder
    has to make textures of the latent, and paints strokes.
    """

    def __init__(self, channels: int, widths: Sequence[int]) -> None:
        super().__init__()
        side = GRID << len(widths)
        self.grain = Grain(channels, side)
        self.into = nn.Sequential(nn.Conv2d(channels, widths[0], 3, padding=1), ResidualBlock(widths[0]))
        self.stages = nn.Sequential(*(LateUpsample(a, b) for a, b in itertools.pairwise(widths)))
        self.grain_in = nn.Conv2d(SQUARE, widths[-1], 1, bias=False)
        nn.init.normal_(self.grain_in.weight, std=GRAIN_STD)
        last = alike_init(nn.Conv2d(widths[-1], 12, 3, padding=1), 4)
        self.out = nn.Sequential(norm(widths[-1]), nn.SiLU(), last)
        self.shuffle = nn.PixelShuffle(2)

    def forward(self, latents: Tensor, noise: Tensor) -> Tensor:
        x = self.into(latents)  # (N, widths[0], G, G)
        x = self.stages[:-1](x)  # (N, widths[-2], S/4, S/4)
        x = self.stages[-1](x, self.grain_in(self.grain(noise)))  # (N, widths[-1], S/2, S/2)
        pixels = self.shuffle(self.out(x))  # (N, 3, S, S)
        return F.avg_pool2d(F.pad(pixels, (1, 0, 1, 0), mode="replicate"), 2, stride=1)  # (N, 3, S, S)


class AttributeClassifier(nn.Module):
    """Reads attributes (species, colour, telling words) off pictures; its features measure likeness.

    Input: float (N, 3, S, S) in [-1, 1]. Output: logits float (N, A), one yes or no an attribute.
    """

    def __init__(self, widths: Sequence[int], attributes: int) -> None:
        super().__init__()
        self.trunk = Encoder(widths, 2 * widths[-1])
        self.head = nn.Linear(2 * widths[-1], attributes)

    def forward(self, pictures: Tensor) -> Tensor:
        maps = F.silu(self.trunk(pictures))  # (N, 2W, H, W)
        logits: Tensor = self.head(maps.mean((2, 3)))  # (N, A)
        return logits


class PatchDiscriminator(nn.Sequential):
    """Tells real patches from decoded ones (Isola et al. 2017, PatchGAN).

    Input: float (N, 3, S, S) in [-1, 1]. Output: a logit for each patch of 26 px, a stroke: (N, 1, S/4, S/4).
    """

    def __init__(self, width: int) -> None:
        super().__init__(
            nn.Conv2d(3, width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, 2 * width, 3, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, 1, 3, padding=1),
        )


class LatentScale(nn.Module):
    """Mean and spread of each latent channel over the training pictures, so that the prior sees unit latents."""

    mean: Tensor
    std: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(channels, 1, 1))
        self.register_buffer("std", torch.ones(channels, 1, 1))

    def measure(self, latents: Tensor) -> None:
        """Take the statistics of latents (N, C, G, G)."""
        self.mean.copy_(latents.mean((0, 2, 3), keepdim=True)[0])
        self.std.copy_(latents.std((0, 2, 3), keepdim=True)[0].clamp_min(1e-4))

    def standardise(self, latents: Tensor) -> Tensor:
        return (latents - self.mean) / self.std

    def forward(self, latents: Tensor) -> Tensor:
        """Standardised latents as the decoder takes them."""
        return latents * self.std + self.mean
