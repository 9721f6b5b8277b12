"""DCGAN's layers and initialisation, which the digits GAN and TAC-GAN share (Radford et al. 2016).

Letters: N pictures, S side of a picture in px, Z = 100 size of a latent, E width of a text vector, C channels.
"""

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn

from painting.models.layers import to_pixels

LATENT_SIZE = 100
"""Z: the length of a latent, DCGAN's."""
LEAKY_SLOPE = 0.2
"""Slope of the leaky ReLUs below zero."""
INIT_STD = 0.02
"""Standard deviation of initial weights, and of normalisations' gains around 1."""


def _leaky() -> nn.LeakyReLU:
    """In place: no backward pass needs its input, so a third less memory is allocated and written."""
    return nn.LeakyReLU(LEAKY_SLOPE, inplace=True)


class ProjectAndReshape(nn.Sequential):
    """Linear projection of a vector onto maps, DCGAN's first layer: float (N, V) → (N, C, side, side)."""

    def __init__(self, size: int, channels: int, side: int) -> None:
        super().__init__(
            nn.Unflatten(1, (size, 1, 1)),
            nn.ConvTranspose2d(size, channels, side, bias=False),
            nn.BatchNorm2d(channels),
            _leaky(),
        )


class UpsampleStack(nn.Sequential):
    """Transposed convolutions 4×4 that double the side, one for each pair of widths.

    float (N, widths[0], H, W) → (N, widths[-1], 2ᵏH, 2ᵏW) with k = len(widths) − 1.
    """

    def __init__(self, widths: Sequence[int]) -> None:
        super().__init__(*(_upsample(before, after) for before, after in pairwise(widths)))


def _upsample(before: int, after: int) -> nn.Sequential:
    return nn.Sequential(
        nn.ConvTranspose2d(before, after, 4, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(after),
        _leaky(),
    )


class DownsampleStack(nn.Sequential):
    """Strided convolutions 4×4 that halve the side, the mirror of `UpsampleStack`.

    float (N, widths[0], H, W) → (N, widths[-1], H/2ᵏ, W/2ᵏ) with k = len(widths) − 1. Where they are normalised, the
    first one is not, as in DCGAN.
    """

    def __init__(self, widths: Sequence[int], normalised: bool) -> None:
        super().__init__(
            *(
                _downsample(before, after, normalised and index > 0)
                for index, (before, after) in enumerate(pairwise(widths))
            )
        )


def _downsample(before: int, after: int, normalised: bool) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, 4, stride=2, padding=1, bias=not normalised),
        nn.BatchNorm2d(after) if normalised else nn.Identity(),
        _leaky(),
    )


class ToPicture(nn.Sequential):
    """The last convolution, 4×4, and tanh: float (N, C, S, S) → (N, channels, S, S) in (-1, 1).

    A kernel of even width keeps no side by padding both ends alike, so one end gets one row more.
    """

    def __init__(self, width: int, channels: int) -> None:
        super().__init__(nn.ZeroPad2d((1, 2, 1, 2)), nn.Conv2d(width, channels, 4), nn.Tanh())


class GanSampler(nn.Module):
    """A generator whose pictures come as pixels; gray ones get three equal channels.

    Inputs: latents float (N, Z), standard normal, and, where the generator takes text, standardised text vectors float
    (N, E). Output: uint8 (N, S, S, 3).
    """

    def __init__(self, generator: nn.Module) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, latents: Tensor, text: Tensor | None = None) -> Tensor:
        """Latents (N, Z) and, if any, text vectors (N, E) → pixels uint8 (N, S, S, 3)."""
        inputs = (latents,) if text is None else (latents, text)
        pictures = self.generator(*inputs)  # (N, 1 or 3, S, S)
        if pictures.shape[1] == 1:
            pictures = pictures.expand(-1, 3, -1, -1)  # (N, 3, S, S)
        return to_pixels(pictures)  # (N, S, S, 3)


def dcgan_init(network: nn.Module) -> None:
    """Initialise convolutions from Normal(0, 0.02), normalisations' gains from Normal(1, 0.02), and biases with 0."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(module.weight, 0.0, INIT_STD)
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.weight, 1.0, INIT_STD)
        else:
            continue
        if module.bias is not None:
            nn.init.zeros_(module.bias)
