"""EfficientNet-Lite, pretrained on ImageNet and frozen: feature maps at four scales, and feature vectors.

Tan & Le 2019; the Lite variants (Google, 2020) leave out squeeze-and-excitation and end activations at 6. Only what a
frozen network needs is here: each normalisation is folded into the convolution before it.
Letters: N pictures, H and W sides of a map, R the halvings of a picture's side so far.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

BATCH_NORM_EPSILON = 1e-3
"""Of the published batch normalisations."""
STEM_WIDTH = 32
FEATURE_SIZE = 1280
"""The length of a feature vector."""


@dataclass(frozen=True)
class LiteVariant:
    """Channels and numbers of blocks of each of seven stages."""

    widths: tuple[int, ...]
    depths: tuple[int, ...]


LITE0_VARIANT = LiteVariant(widths=(16, 24, 40, 80, 112, 192, 320), depths=(1, 2, 2, 3, 3, 4, 1))
LITE2_VARIANT = LiteVariant(widths=(16, 24, 48, 88, 120, 208, 352), depths=(1, 3, 3, 4, 4, 5, 1))

STAGE_KERNELS = (3, 3, 5, 3, 5, 5, 3)
STAGE_STRIDES = (1, 2, 2, 2, 1, 2, 1)
OUTPUT_STAGES = (1, 2, 4, 6)
"""The last stage of each scale: a quarter of the picture's side, an eighth, a sixteenth, a thirty-second."""


class EfficientNetLite(nn.Module):
    """Frozen feature extractor of four scales.

    Input: float (N, 3, S, S) in [-1, 1], S a multiple of 32. Output: maps float (N, `output_widths[i]`, S/4/2ⁱ,
    S/4/2ⁱ), i from 0 to 3.
    """

    def __init__(self, variant: LiteVariant) -> None:
        super().__init__()
        self.output_widths = tuple(variant.widths[stage] for stage in OUTPUT_STAGES)
        self.stem = _Convolution(3, STEM_WIDTH, 3, stride=2)
        before = (STEM_WIDTH, *variant.widths)
        self.stages = nn.ModuleList(
            _stage(*channels, depth, kernel, stride, expansion=6 if place else 1)
            for place, (channels, depth, kernel, stride) in enumerate(
                zip(pairwise(before), variant.depths, STAGE_KERNELS, STAGE_STRIDES, strict=True)
            )
        )
        self.head = _Convolution(variant.widths[-1], FEATURE_SIZE, 1)

    def forward(self, pictures: Tensor) -> list[Tensor]:
        """Pictures (N, 3, S, S) → maps of four scales, the largest first."""
        maps = []
        x = self.stem(pictures)  # (N, 32, S/2, S/2)
        for stage in self.stages:
            x = stage(x)  # (N, widths[i], S/2^R, S/2^R)
            maps.append(x)
        return [maps[stage] for stage in OUTPUT_STAGES]

    def vectors(self, pictures: Tensor) -> Tensor:
        """Pooled features, the input of the published classifier: float (N, 3, S, S) → (N, 1280)."""
        return self.pooled(self(pictures))

    def pooled(self, maps: Sequence[Tensor]) -> Tensor:
        """The maps of `forward` → pooled features (N, 1280)."""
        vectors: Tensor = self.head(maps[-1]).mean((2, 3))
        return vectors

    def load_published(self, tensors: Mapping[str, Tensor]) -> None:
        """Load the published weights, fold their normalisations in, and freeze; raises KeyError, RuntimeError."""
        blocks = [block for block in self.modules() if isinstance(block, InvertedResidual)]
        _fold(self.stem, tensors, "_conv_stem", "_bn0")
        _fold(self.head, tensors, "_conv_head", "_bn1")
        for place, block in enumerate(blocks):
            names = (("_expand_conv", "_bn0"), ("_depthwise_conv", "_bn1"), ("_project_conv", "_bn2"))
            layers = [layer for layer in block.layers if isinstance(layer, _Convolution)]
            for layer, (convolution, normalisation) in zip(layers, names[-len(layers) :], strict=True):
                _fold(layer, tensors, f"_blocks.{place}.{convolution}", f"_blocks.{place}.{normalisation}")
        self.requires_grad_(False).eval()


class _Convolution(nn.Module):
    """A convolution and, if `activated`, a ReLU that ends at 6: (N, C, H, W) → (N, C', H / stride, W / stride)."""

    def __init__(
        self, before: int, after: int, kernel: int, stride: int = 1, groups: int = 1, activated: bool = True
    ) -> None:
        super().__init__()
        # TensorFlow's "same": where a stride leaves an odd number of pixels to pad, the end gets the one more.
        low = (kernel - stride) // 2
        high = kernel - stride - low
        self.convolution = nn.Conv2d(before, after, kernel, stride, low if low == high else 0, groups=groups)
        self.padding: tuple[int, ...] = () if low == high else (low, high) * 2  # padding by itself copies the maps
        self.activated = activated

    def forward(self, x: Tensor) -> Tensor:
        x = self.convolution(F.pad(x, self.padding) if self.padding else x)
        return F.relu6(x, inplace=True) if self.activated else x


class InvertedResidual(nn.Module):
    """Inverted residual block: expansion, depthwise convolution, projection (Sandler et al. 2018)."""

    def __init__(self, before: int, after: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        hidden = before * expansion
        self.layers = nn.Sequential(
            *([_Convolution(before, hidden, 1)] if expansion > 1 else []),
            _Convolution(hidden, hidden, kernel, stride, groups=hidden),
            _Convolution(hidden, after, 1, activated=False),
        )
        self.has_skip = before == after and stride == 1

    def forward(self, x: Tensor) -> Tensor:
        """Maps (N, C, H, W) → (N, C', H / stride, W / stride)."""
        out: Tensor = self.layers(x)
        return x + out if self.has_skip else out


def _stage(before: int, after: int, depth: int, kernel: int, stride: int, expansion: int) -> nn.Sequential:
    widths: Sequence[int] = (before, *[after] * depth)
    return nn.Sequential(
        *(
            InvertedResidual(a, b, kernel, 1 if place else stride, expansion)
            for place, (a, b) in enumerate(pairwise(widths))
        )
    )


@torch.no_grad()
def _fold(layer: _Convolution, tensors: Mapping[str, Tensor], convolution: str, normalisation: str) -> None:
    """Fold the batch normalisation behind a convolution without bias into that convolution's weight and bias."""
    mean, variance, gain, shift = (
        tensors[f"{normalisation}.{name}"] for name in ("running_mean", "running_var", "weight", "bias")
    )
    scale = gain / (variance + BATCH_NORM_EPSILON).sqrt()
    weights = {"weight": tensors[f"{convolution}.weight"] * scale[:, None, None, None], "bias": shift - mean * scale}
    layer.convolution.load_state_dict(weights)
