"""Autoencoder of the latent flow painter, and a classifier of attributes.

picture → Encoder → latent map → Decoder → picture
Letters: N pictures, S side of a picture in px, P = 3 or 4 channels of a picture (`alpha.py`), C latent channels, G = 8
side of a latent map, A attributes.
"""

import itertools
import warnings
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from painting.models.grain import GRAIN_CHANNELS, Grain
from painting.models.layers import LATENT_SIDE, DecoderStage, Downsample, ResidualBlock, Upsample, icnr_init, norm

GRAIN_INIT_STD = 0.1
"""Standard deviation of the weights by which a fresh decoder adds grain: visible from the start, yet faint."""


class Encoder(nn.Module):
    """Convolutional encoder: one stage for each width, which halves the side.

    Input: float (N, P, S, S) in [-1, 1]. Output: float (N, C, S / 2^stages, S / 2^stages).
    """

    def __init__(self, widths: Sequence[int], channels: int, picture_channels: int = 3) -> None:
        super().__init__()
        self.stages = nn.Sequential(*(Downsample(a, b) for a, b in itertools.pairwise([picture_channels, *widths])))
        self.out = nn.Sequential(norm(widths[-1]), nn.SiLU(), nn.Conv2d(widths[-1], channels, 3, padding=1))

    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures (N, P, S, S) → latent maps (N, C, G, G)."""
        maps: Tensor = self.out(self.stages(pictures))  # (N, C, G, G)
        return maps


class Decoder(nn.Module):
    """Convolutional decoder with grain for its textures: each width but the first doubles the side, and the end does.

    Inputs: float (N, C, G, G), and noise float (N, C·G·G), standard normal, that the grain is made of.
    Output: float (N, P, S, S), about in [-1, 1].
    Each stage convolves before it upsamples, and the last upsampling is a pixel shuffle (Shi et al. 2016), so that no
    layer computes at full size: a third of the arithmetic of doing otherwise. Pixels are averaged with those above and
    to the left at last, as the shuffled squares' corners drift apart into a grid otherwise (Sugawara et al. 2018).
    Grain is added at the last stage, where features still distinguish petals from sky: without it a decoder has
    to make textures of the latent, and paints strokes.
    """

    def __init__(self, channels: int, widths: Sequence[int], picture_channels: int = 3) -> None:
        super().__init__()
        side = LATENT_SIDE << len(widths)
        self.grain = Grain(channels, side)
        self.conv_in = DecoderStage(nn.Conv2d(channels, widths[0], 3, padding=1), ResidualBlock(widths[0]))
        self.stages = nn.Sequential(*(Upsample(a, b) for a, b in itertools.pairwise(widths)))
        self.grain_in = nn.Conv2d(GRAIN_CHANNELS, widths[-1], 1, bias=False)
        nn.init.normal_(self.grain_in.weight, std=GRAIN_INIT_STD)
        last = icnr_init(nn.Conv2d(widths[-1], 4 * picture_channels, 3, padding=1), 4)
        self.out = nn.Sequential(norm(widths[-1]), nn.SiLU(), last)
        self.shuffle = nn.PixelShuffle(2)

    def forward(self, latents: Tensor, noise: Tensor) -> Tensor:
        """Latent maps (N, C, G, G) and noise (N, C·G·G) → pictures (N, P, S, S)."""
        *stages, last_stage = self.conv_in, *self.stages
        x = latents
        for stage in stages:
            x = stage(x)  # (N, widths[-2], S/4, S/4) after the last of them
        x = last_stage(x, self.grain_in(self.grain(noise)))  # (N, widths[-1], S/2, S/2)
        pixels = self.shuffle(self.out(x))  # (N, P, S, S)
        return F.avg_pool2d(F.pad(pixels, (1, 0, 1, 0), mode="replicate"), 2, stride=1)  # (N, P, S, S)


class AttributeClassifier(nn.Module):
    """Multi-label classifier of attributes (species, colour, frequent words).

    Input: float (N, 3, S, S) in [-1, 1]. Output: logits float (N, A), one binary decision an attribute.
    """

    def __init__(self, widths: Sequence[int], attributes: int) -> None:
        super().__init__()
        self.trunk = Encoder(widths, 2 * widths[-1])
        with warnings.catch_warnings():  # captions that have nothing in common give no attributes: an empty head
            warnings.filterwarnings("ignore", "Initializing zero-element tensors")
            self.head = nn.Linear(2 * widths[-1], attributes)

    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures (N, 3, S, S) → logits (N, A)."""
        maps = F.silu(self.trunk(pictures))  # (N, 2·widths[-1], H, W)
        logits: Tensor = self.head(maps.mean((2, 3)))  # (N, A)
        return logits


class Autoencoder(nn.Module):
    """Encoder and decoder of pictures of one size."""

    def __init__(
        self, channels: int, encoder_widths: Sequence[int], decoder_widths: Sequence[int], picture_channels: int = 3
    ) -> None:
        super().__init__()
        self.encoder = Encoder(encoder_widths, channels, picture_channels)
        self.decoder = Decoder(channels, decoder_widths, picture_channels)


class LatentScale(nn.Module):
    """Standardisation of latents by each channel's mean and standard deviation over the training pictures."""

    mean: Tensor
    std: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(channels, 1, 1))
        self.register_buffer("std", torch.ones(channels, 1, 1))

    @property
    def is_measured(self) -> bool:
        """Whether it holds statistics; a fresh one changes nothing."""
        return bool((self.std != 1).any())

    def measure(self, latents: Tensor) -> None:
        """Take the statistics of latents (N, C, G, G) as the scale's own."""
        self.mean.copy_(latents.mean((0, 2, 3), keepdim=True)[0])
        self.std.copy_(latents.std((0, 2, 3), keepdim=True)[0].clamp_min(1e-4))

    def standardise(self, latents: Tensor) -> Tensor:
        """Encoder latents (N, C, G, G) → mean 0 and standard deviation 1 a channel, as the prior takes them."""
        return (latents - self.mean) / self.std

    def forward(self, latents: Tensor) -> Tensor:
        """Standardised latents (N, C, G, G) → the decoder's scale, the inverse of `standardise`."""
        return latents * self.std + self.mean
