"""The pieces that several networks are built from."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

GROUPS = 8


def norm(channels: int) -> nn.GroupNorm:
    """Group normalisation: the same in training and serving, whatever the batch (Wu & He 2018)."""
    return nn.GroupNorm(math.gcd(GROUPS, channels), channels)


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
    """As `Upsample`, but it changes the channels before it doubles the side, with a quarter of the arithmetic."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__(
            nn.Conv2d(channels_in, channels_out, 3, padding=1),
            nn.Upsample(scale_factor=2, mode="nearest"),
            ResidualBlock(channels_out),
        )


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


class TransformerBlock(nn.Module):
    """Self-attention and a perceptron, each scaled, shifted and gated by a condition.

    Adaptive layer norm with zero-initialised gates: a fresh block is the identity (Peebles & Xie 2023, DiT).
    Inputs: tokens float (N, T, W), and float (N, 6W): what `modulation` makes of a condition (N, W) after SiLU.
    Output: (N, T, W).
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width, elementwise_affine=False, eps=1e-6)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width, elementwise_affine=False, eps=1e-6)
        self.perceptron = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(approximate="tanh"), nn.Linear(4 * width, width)
        )
        self.modulation = zero_init(nn.Linear(width, 6 * width))

    def forward(self, x: Tensor, modulation: Tensor) -> Tensor:
        shift1, scale1, gate1, shift2, scale2, gate2 = modulation[:, None].chunk(6, dim=2)  # each (N, 1, W)
        x = x + gate1 * self.attention(modulate(self.norm1(x), shift1, scale1))  # (N, T, W)
        x = x + gate2 * self.perceptron(modulate(self.norm2(x), shift2, scale2))  # (N, T, W)
        return x

    def attention(self, x: Tensor) -> Tensor:
        n, t, w = x.shape
        q, k, v = self.qkv(x).view(n, t, 3, self.heads, w // self.heads).permute(2, 0, 3, 1, 4)  # (N, heads, T, W')
        mixed = F.scaled_dot_product_attention(q, k, v)  # (N, heads, T, W')
        result: Tensor = self.out(mixed.transpose(1, 2).reshape(n, t, w))  # (N, T, W)
        return result


def modulate(x: Tensor, shift: Tensor, scale: Tensor) -> Tensor:
    """Scale and shift normalised tokens."""
    return x * (1 + scale) + shift


def zero_init(layer: nn.Linear) -> nn.Linear:
    """A linear layer that starts as zero."""
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def halved(pictures: Tensor) -> Tensor:
    """Pictures (N, 3, S, S) at half their side, each pixel the mean of four."""
    return F.avg_pool2d(pictures, 2)


def to_levels(pictures: Tensor) -> Tensor:
    """Pictures as networks see them, float (N, 3, S, S) about in [-1, 1] → as they are shown, uint8 (N, S, S, 3)."""
    levels = ((pictures.clamp(-1, 1) + 1) * 127.5).round()  # (N, 3, S, S) in [0, 255]
    return levels.permute(0, 2, 3, 1).to(torch.uint8)
