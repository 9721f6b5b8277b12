"""Layers, initialisations and pixel conversions that several networks share."""

import math
from typing import TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

LATENT_SIDE = 8
"""The side of a latent map."""
MAX_NORM_GROUPS = 8

Layer = TypeVar("Layer", nn.Linear, nn.Conv2d)


def norm(channels: int, affine: bool = True) -> nn.GroupNorm:
    """Group normalisation, which computes the same in training and serving, whatever the batch (Wu & He 2018)."""
    return nn.GroupNorm(math.gcd(MAX_NORM_GROUPS, channels), channels, affine=affine)


class ResidualBlock(nn.Module):
    """Residual block of two 3×3 convolutions, each normalised before it (He et al. 2016, pre-activation).

    Input and output: float (N, C, H, W).
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm1 = norm(channels)
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm2 = norm(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Maps (N, C, H, W) → the same shape."""
        h = self.conv1(F.silu(self.norm1(x)))  # (N, C, H, W)
        h = self.conv2(F.silu(self.norm2(h)))  # (N, C, H, W)
        result: Tensor = x + h
        return result


class Downsample(nn.Sequential):
    """A strided convolution and a residual block: (N, C, H, W) → (N, C', H/2, W/2)."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__(nn.Conv2d(channels_in, channels_out, 4, stride=2, padding=1), ResidualBlock(channels_out))


class DecoderStage(nn.Sequential):
    """Layers that end in a residual block, before which other maps can be added: (N, C, H, W) → (N, C', H', W')."""

    def forward(self, x: Tensor, added: Tensor | None = None) -> Tensor:
        """Maps (N, C, H, W) → (N, C', H', W'); `added` (N, C', H', W') is added before the residual block."""
        *layers, block = self
        for layer in layers:
            x = layer(x)  # (N, C', H', W') after the last of them
        result: Tensor = block(x if added is None else x + added)  # (N, C', H', W')
        return result


class Upsample(DecoderStage):
    """A convolution, bilinear upsampling and a residual block: (N, C, H, W) → (N, C', 2H, 2W).

    The convolution comes first, at a quarter of the cost; a transposed one would leave a checkerboard (Odena et al.
    2016). The upsampled maps reach the result through the residual block's identity, where repeated pixels would show
    as squares: they are interpolated bilinearly.
    """

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__(
            nn.Conv2d(channels_in, channels_out, 3, padding=1),
            nn.Upsample(scale_factor=2, mode="bilinear"),
            ResidualBlock(channels_out),
        )


class TimeEmbedding(nn.Module):
    """Sinusoidal embedding of the flow time and a perceptron (Vaswani et al. 2017).

    Input: t float (N,) in [0, 1]. Output: float (N, K).
    """

    frequencies: Tensor

    def __init__(self, width: int, count: int = 64) -> None:
        super().__init__()
        # Periods from 2π, longer than the interval, so that t is unambiguous, to 2π/1000, finer than any Euler step.
        self.register_buffer("frequencies", torch.exp(torch.linspace(0, math.log(1000), count)), persistent=False)
        self.perceptron = nn.Sequential(nn.Linear(2 * count, width), nn.SiLU(), nn.Linear(width, width))

    def forward(self, t: Tensor) -> Tensor:
        """Times (N,) → embeddings (N, K)."""
        angles = t[:, None] * self.frequencies  # (N, count)
        embedding: Tensor = self.perceptron(torch.cat([angles.cos(), angles.sin()], dim=1))  # (N, K)
        return embedding


class ModulatedBlock(nn.Module):
    """Residual block with adaptive group normalisation (Dhariwal & Nichol 2021).

    The condition scales and shifts each convolution's normalised input. The last convolution starts as zero, so a
    fresh block is the identity. Inputs: maps float (N, C, H, W), a condition float (N, K). Output: (N, C, H, W).
    """

    def __init__(self, channels: int, condition_width: int) -> None:
        super().__init__()
        self.norm1 = norm(channels, affine=False)
        self.norm2 = norm(channels, affine=False)
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = zero_init(nn.Conv2d(channels, channels, 3, padding=1))
        self.modulation = zero_init(nn.Linear(condition_width, 4 * channels))

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        """Maps (N, C, H, W) and conditions (N, K) → maps of the same shape."""
        scale1, shift1, scale2, shift2 = self.modulation(F.silu(condition))[:, :, None, None].chunk(4, dim=1)
        h = self.conv1(F.silu(self.norm1(x) * (1 + scale1) + shift1))  # (N, C, H, W)
        h = self.conv2(F.silu(self.norm2(h) * (1 + scale2) + shift2))  # (N, C, H, W)
        result: Tensor = x + h
        return result


class Attention(nn.Module):
    """Residual multi-head self-attention over a map's H·W positions (Vaswani et al. 2017): (N, C, H, W) → the same."""

    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm = norm(channels)
        self.qkv = nn.Linear(channels, 3 * channels)
        self.out = zero_init(nn.Linear(channels, channels))

    def forward(self, x: Tensor) -> Tensor:
        """Maps (N, C, H, W) → the same shape."""
        n, c, h, w = x.shape
        tokens = self.norm(x).flatten(2).transpose(1, 2)  # (N, HW, C)
        qkv = self.qkv(tokens).reshape(n, h * w, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(*qkv.unbind(0))  # (N, heads, HW, C / heads)
        out = self.out(mixed.transpose(1, 2).reshape(n, h * w, c))  # (N, HW, C)
        result: Tensor = x + out.transpose(1, 2).reshape(n, c, h, w)  # (N, C, H, W)
        return result


def icnr_init(layer: nn.Conv2d, group: int) -> nn.Conv2d:
    """ICNR initialisation of a sub-pixel convolution: each `group` of output channels starts with equal weights.

    A pixel shuffle then lays out squares of equal pixels, without a checkerboard (Aitken et al. 2017).
    """
    with torch.no_grad():
        for weight in (layer.weight, layer.bias):
            if weight is not None:
                weight.copy_(weight[::group].repeat_interleave(group, 0))
    return layer


def zero_init(layer: Layer) -> Layer:
    """Zero initialisation of a linear layer or convolution."""
    nn.init.zeros_(layer.weight)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


def downsample_by_two(pictures: Tensor) -> Tensor:
    """2×2 average pooling: pictures (N, C, S, S) → (N, C, S/2, S/2)."""
    return F.avg_pool2d(pictures, 2)


def to_pixels(pictures: Tensor) -> Tensor:
    """Network output, float (N, C, S, S) about in [-1, 1], clipped → 8-bit pixels, uint8 (N, S, S, C)."""
    levels = ((pictures.clamp(-1, 1) + 1) * 127.5).round()  # (N, C, S, S) in [0, 255]
    return levels.permute(0, 2, 3, 1).to(torch.uint8)
