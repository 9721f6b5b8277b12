"""The pieces that the two adversarial models share: convolutions that double or halve, and how they start."""

from collections.abc import Sequence
from itertools import pairwise

from torch import nn

SLOPE = 0.2
"""Of the leaky ReLUs below zero."""
SPREAD = 0.02


def _leaky() -> nn.LeakyReLU:
    """In the place of its input, which no backward pass asks for: a third less memory to fetch and to fill."""
    return nn.LeakyReLU(SLOPE, inplace=True)


class Spread(nn.Sequential):
    """A vector laid out as maps: float (N, V) → (N, C, side, side), as DCGAN begins (Radford et al. 2016)."""

    def __init__(self, size: int, channels: int, side: int) -> None:
        super().__init__(
            nn.Unflatten(1, (size, 1, 1)),
            nn.ConvTranspose2d(size, channels, side, bias=False),
            nn.BatchNorm2d(channels),
            _leaky(),
        )


class Doublings(nn.Sequential):
    """Transposed convolutions 4×4 that double the side, one for each pair of widths.

    float (N, widths[0], H, W) → (N, widths[-1], 2ᵏH, 2ᵏW) with k = len(widths) − 1.
    """

    def __init__(self, widths: Sequence[int]) -> None:
        super().__init__(
            *(
                nn.Sequential(
                    nn.ConvTranspose2d(before, after, 4, stride=2, padding=1, bias=False),
                    nn.BatchNorm2d(after),
                    _leaky(),
                )
                for before, after in pairwise(widths)
            )
        )


class Halvings(nn.Sequential):
    """Convolutions 4×4 that halve the side, the mirror of `Doublings`.

    float (N, widths[0], H, W) → (N, widths[-1], H/2ᵏ, W/2ᵏ) with k = len(widths) − 1. Where they are normalised, the
    first one is not, as in DCGAN.
    """

    def __init__(self, widths: Sequence[int], normalised: bool) -> None:
        super().__init__(
            *(
                _halving(before, after, normalised and place > 0)
                for place, (before, after) in enumerate(pairwise(widths))
            )
        )


def _halving(before: int, after: int, normalised: bool) -> nn.Sequential:
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


def initialise(network: nn.Module) -> None:
    """Draw convolutions from Normal(0, 0.02) and gains of normalisations from Normal(1, 0.02); all shifts start at 0.

    DCGAN's (Radford et al. 2016).
    """
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(module.weight, 0.0, SPREAD)
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.weight, 1.0, SPREAD)
        else:
            continue
        if module.bias is not None:
            nn.init.zeros_(module.bias)
