"""The pieces that several networks are built from."""

import math
from typing import TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

GRID = 8
"""The side of a latent map."""
GROUPS = 8

Layer = TypeVar("Layer", nn.Linear, nn.Conv2d)


def norm(channels: int, affine: bool = True) -> nn.GroupNorm:
    """Group normalisation: the same in training and serving, whatever the batch (Wu & He 2018)."""
    return nn.GroupNorm(math.gcd(GROUPS, channels), channels, affine=affine)


class ResidualBlock(nn.Module):
    """Two 3×3 convolutions beside an identity, normalised before each (He et al. 2016, pre-activation).

    Input and output: float (N, C, H, W).
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm1 = norm(channels)
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm2 = norm(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        h = self.conv1(F.silu(self.norm1(x)))  # (N, C, H, W)
        h = self.conv2(F.silu(self.norm2(h)))  # (N, C, H, W)
        result: Tensor = x + h
        return result


class Downsample(nn.Sequential):
    """Halves the side and changes the channels: (N, C, H, W) → (N, C', H/2, W/2)."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__(nn.Conv2d(channels_in, channels_out, 4, stride=2, padding=1), ResidualBlock(channels_out))


class Upsample(nn.Sequential):
    """Doubles the side and changes the channels: (N, C, H, W) → (N, C', 2H, 2W).

    Nearest neighbour and a convolution: a transposed convolution leaves a checkerboard (Odena et al. 2016).
    """

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__(
            nn.Upsample(scale_factor=2, mode="nearest"),
            nn.Conv2d(channels_in, channels_out, 3, padding=1),
            ResidualBlock(channels_out),
        )


class LateUpsample(nn.Sequential):
    """As `Upsample`, but it changes the channels before it doubles the side, with a quarter of the arithmetic.

    What is doubled reaches the result beside the convolutions, where repeated pixels would be seen as squares: it is
    interpolated. What is to be added to the doubled maps, float (N, C', 2H, 2W), may be given too.
    """

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__(
            nn.Conv2d(channels_in, channels_out, 3, padding=1),
            nn.Upsample(scale_factor=2, mode="bilinear"),
            ResidualBlock(channels_out),
        )

    def forward(self, x: Tensor, added: Tensor | None = None) -> Tensor:
        convolution, doubling, block = self
        doubled = doubling(convolution(x))  # (N, C', 2H, 2W)
        result: Tensor = block(doubled if added is None else doubled + added)
        return result


class TimeEmbedding(nn.Module):
    """Flow time t in [0, 1] → a vector, by sines of geometric frequencies (Vaswani et al. 2017) and a perceptron.

    Input: float (N,). Output: float (N, W).
    """

    frequencies: Tensor

    def __init__(self, width: int, count: int = 64) -> None:
        super().__init__()
        # From a period of 2π over the whole interval to about a thousandth of it.
        self.register_buffer("frequencies", torch.exp(torch.linspace(0, math.log(1000), count)), persistent=False)
        self.perceptron = nn.Sequential(nn.Linear(2 * count, width), nn.SiLU(), nn.Linear(width, width))

    def forward(self, t: Tensor) -> Tensor:
        angles = t[:, None] * self.frequencies  # (N, count)
        embedding: Tensor = self.perceptron(torch.cat([angles.cos(), angles.sin()], dim=1))  # (N, W)
        return embedding


class ModulatedBlock(nn.Module):
    """Two 3×3 convolutions beside an identity; a condition scales and shifts what each of them sees.

    Adaptive group norm (Dhariwal & Nichol 2021), and a last convolution that starts as zero: a fresh block is the
    identity. Inputs: maps float (N, C, H, W), a condition float (N, W'). Output: (N, C, H, W).
    """

    def __init__(self, channels: int, condition: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = norm(channels, affine=False), norm(channels, affine=False)
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = zero_init(nn.Conv2d(channels, channels, 3, padding=1))
        self.modulation = zero_init(nn.Linear(condition, 4 * channels))

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        scale1, shift1, scale2, shift2 = self.modulation(F.silu(condition))[:, :, None, None].chunk(4, dim=1)
        h = self.conv1(F.silu(self.norm1(x) * (1 + scale1) + shift1))  # (N, C, H, W)
        h = self.conv2(F.silu(self.norm2(h) * (1 + scale2) + shift2))  # (N, C, H, W)
        result: Tensor = x + h
        return result


class Attention(nn.Module):
    """Every place of maps looks at every other, beside an identity (Vaswani et al. 2017): (N, C, H, W) → the same."""

    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm = norm(channels)
        self.qkv = nn.Linear(channels, 3 * channels)
        self.out = zero_init(nn.Linear(channels, channels))

    def forward(self, x: Tensor) -> Tensor:
        n, c, h, w = x.shape
        places = self.norm(x).flatten(2).transpose(1, 2)  # (N, HW, C)
        parts = self.qkv(places).reshape(n, h * w, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(*parts.unbind(0))  # (N, heads, HW, C')
        told = self.out(mixed.transpose(1, 2).reshape(n, h * w, c))  # (N, HW, C)
        result: Tensor = x + told.transpose(1, 2).reshape(n, c, h, w)
        return result


def alike_init(layer: nn.Conv2d, times: int) -> nn.Conv2d:
    """A convolution whose channels start as groups of so many alike: laid out as squares, they have no pattern.

    Aitken et al. 2017, checkerboard-free sub-pixel convolution.
    """
    with torch.no_grad():
        for weight in (layer.weight, layer.bias):
            if weight is not None:
                weight.copy_(weight[::times].repeat_interleave(times, 0))
    return layer


def zero_init(layer: Layer) -> Layer:
    """A linear layer or convolution that starts as zero."""
    nn.init.zeros_(layer.weight)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


def at_half_size(pictures: Tensor) -> Tensor:
    """Pictures (N, 3, S, S) at half their side, each pixel the mean of four."""
    return F.avg_pool2d(pictures, 2)


def to_levels(pictures: Tensor) -> Tensor:
    """Pictures as networks see them, float (N, 3, S, S) about in [-1, 1] → as they are shown, uint8 (N, S, S, 3)."""
    levels = ((pictures.clamp(-1, 1) + 1) * 127.5).round()  # (N, 3, S, S) in [0, 255]
    return levels.permute(0, 2, 3, 1).to(torch.uint8)
