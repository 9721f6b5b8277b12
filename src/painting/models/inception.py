"""Inception v3 as FID defines it: the network of 2015 whose weights torch-fidelity and pytorch-fid publish.

Szegedy et al. 2015; Heusel et al. 2017 measure by it. Parameters have the names of the published file. Beside later
Inception v3 networks, averages leave padding out, and the last block takes a maximum where the others average.
Letters: N pictures, H and W sides of a map.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

INPUT_SIDE = 299
"""Pictures are resized to this many px."""
FEATURE_SIZE = 2048
CLASS_COUNT = 1008
"""Of the published logits, which FID does not use."""


class BasicConv2d(nn.Module):
    """Convolution, batch normalisation, ReLU; sides stay as they are unless it strides or says "valid"."""

    def __init__(self, before: int, after: int, kernel: int | tuple[int, int], stride: int = 1, valid: bool = False):
        super().__init__()
        high, wide = (kernel, kernel) if isinstance(kernel, int) else kernel
        padding = (0, 0) if valid or stride > 1 else (high // 2, wide // 2)
        self.conv = nn.Conv2d(before, after, (high, wide), stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(after, eps=0.001)

    def forward(self, x: Tensor) -> Tensor:
        """Maps (N, C, H, W) → (N, C', H', W')."""
        return F.relu(self.bn(self.conv(x)))


def average_pool(x: Tensor) -> Tensor:
    """3×3 average pooling that leaves padding out; sides stay."""
    return F.avg_pool2d(x, 3, stride=1, padding=1, count_include_pad=False)


def max_pool(x: Tensor) -> Tensor:
    """3×3 max pooling; sides stay."""
    return F.max_pool2d(x, 3, stride=1, padding=1)


class InceptionA(nn.Module):
    """(N, C, 35, 35) → (N, 224 + pooled, 35, 35)."""

    def __init__(self, before: int, pooled: int) -> None:
        super().__init__()
        self.branch1x1 = BasicConv2d(before, 64, 1)
        self.branch5x5_1 = BasicConv2d(before, 48, 1)
        self.branch5x5_2 = BasicConv2d(48, 64, 5)
        self.branch3x3dbl_1 = BasicConv2d(before, 64, 1)
        self.branch3x3dbl_2 = BasicConv2d(64, 96, 3)
        self.branch3x3dbl_3 = BasicConv2d(96, 96, 3)
        self.branch_pool = BasicConv2d(before, pooled, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Three convolutional branches and a pooled one, concatenated."""
        fives = self.branch5x5_2(self.branch5x5_1(x))
        threes = self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(x)))
        return torch.cat([self.branch1x1(x), fives, threes, self.branch_pool(average_pool(x))], 1)


class InceptionB(nn.Module):
    """(N, 288, 35, 35) → (N, 768, 17, 17)."""

    def __init__(self, before: int) -> None:
        super().__init__()
        self.branch3x3 = BasicConv2d(before, 384, 3, stride=2)
        self.branch3x3dbl_1 = BasicConv2d(before, 64, 1)
        self.branch3x3dbl_2 = BasicConv2d(64, 96, 3)
        self.branch3x3dbl_3 = BasicConv2d(96, 96, 3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        """Two strided branches and a pooled one, concatenated."""
        threes = self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(x)))
        return torch.cat([self.branch3x3(x), threes, F.max_pool2d(x, 3, stride=2)], 1)


class InceptionC(nn.Module):
    """(N, 768, 17, 17) → the same, by long thin kernels."""

    def __init__(self, before: int, inner: int) -> None:
        super().__init__()
        self.branch1x1 = BasicConv2d(before, 192, 1)
        self.branch7x7_1 = BasicConv2d(before, inner, 1)
        self.branch7x7_2 = BasicConv2d(inner, inner, (1, 7))
        self.branch7x7_3 = BasicConv2d(inner, 192, (7, 1))
        self.branch7x7dbl_1 = BasicConv2d(before, inner, 1)
        self.branch7x7dbl_2 = BasicConv2d(inner, inner, (7, 1))
        self.branch7x7dbl_3 = BasicConv2d(inner, inner, (1, 7))
        self.branch7x7dbl_4 = BasicConv2d(inner, inner, (7, 1))
        self.branch7x7dbl_5 = BasicConv2d(inner, 192, (1, 7))
        self.branch_pool = BasicConv2d(before, 192, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Three convolutional branches and a pooled one, concatenated."""
        sevens = self.branch7x7_3(self.branch7x7_2(self.branch7x7_1(x)))
        doubled = self.branch7x7dbl_3(self.branch7x7dbl_2(self.branch7x7dbl_1(x)))
        doubled = self.branch7x7dbl_5(self.branch7x7dbl_4(doubled))
        return torch.cat([self.branch1x1(x), sevens, doubled, self.branch_pool(average_pool(x))], 1)


class InceptionD(nn.Module):
    """(N, 768, 17, 17) → (N, 1280, 8, 8)."""

    def __init__(self, before: int) -> None:
        super().__init__()
        self.branch3x3_1 = BasicConv2d(before, 192, 1)
        self.branch3x3_2 = BasicConv2d(192, 320, 3, stride=2)
        self.branch7x7x3_1 = BasicConv2d(before, 192, 1)
        self.branch7x7x3_2 = BasicConv2d(192, 192, (1, 7))
        self.branch7x7x3_3 = BasicConv2d(192, 192, (7, 1))
        self.branch7x7x3_4 = BasicConv2d(192, 192, 3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        """Two strided branches and a pooled one, concatenated."""
        sevens = self.branch7x7x3_3(self.branch7x7x3_2(self.branch7x7x3_1(x)))
        threes = self.branch3x3_2(self.branch3x3_1(x))
        return torch.cat([threes, self.branch7x7x3_4(sevens), F.max_pool2d(x, 3, stride=2)], 1)


class InceptionE(nn.Module):
    """(N, C, 8, 8) → (N, 2048, 8, 8); `pool` is the pooling of its last branch."""

    def __init__(self, before: int, pool: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.pool = pool
        self.branch1x1 = BasicConv2d(before, 320, 1)
        self.branch3x3_1 = BasicConv2d(before, 384, 1)
        self.branch3x3_2a = BasicConv2d(384, 384, (1, 3))
        self.branch3x3_2b = BasicConv2d(384, 384, (3, 1))
        self.branch3x3dbl_1 = BasicConv2d(before, 448, 1)
        self.branch3x3dbl_2 = BasicConv2d(448, 384, 3)
        self.branch3x3dbl_3a = BasicConv2d(384, 384, (1, 3))
        self.branch3x3dbl_3b = BasicConv2d(384, 384, (3, 1))
        self.branch_pool = BasicConv2d(before, 192, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Three convolutional branches, two of them split in their last layer, and a pooled one, concatenated."""
        threes = self.branch3x3_1(x)
        doubled = self.branch3x3dbl_2(self.branch3x3dbl_1(x))
        branches = [
            self.branch1x1(x),
            self.branch3x3_2a(threes),
            self.branch3x3_2b(threes),
            self.branch3x3dbl_3a(doubled),
            self.branch3x3dbl_3b(doubled),
            self.branch_pool(self.pool(x)),
        ]
        return torch.cat(branches, 1)


class InceptionV3(nn.Module):
    """Pictures → the features that FID compares; `fc` makes class logits of them.

    Input: float (N, 3, 299, 299) in [-1, 1). Output: float (N, 2048).
    """

    def __init__(self) -> None:
        super().__init__()
        self.Conv2d_1a_3x3 = BasicConv2d(3, 32, 3, stride=2)
        self.Conv2d_2a_3x3 = BasicConv2d(32, 32, 3, valid=True)
        self.Conv2d_2b_3x3 = BasicConv2d(32, 64, 3)
        self.Conv2d_3b_1x1 = BasicConv2d(64, 80, 1)
        self.Conv2d_4a_3x3 = BasicConv2d(80, 192, 3, valid=True)
        self.Mixed_5b = InceptionA(192, 32)
        self.Mixed_5c = InceptionA(256, 64)
        self.Mixed_5d = InceptionA(288, 64)
        self.Mixed_6a = InceptionB(288)
        self.Mixed_6b = InceptionC(768, 128)
        self.Mixed_6c = InceptionC(768, 160)
        self.Mixed_6d = InceptionC(768, 160)
        self.Mixed_6e = InceptionC(768, 192)
        self.Mixed_7a = InceptionD(768)
        self.Mixed_7b = InceptionE(1280, average_pool)
        self.Mixed_7c = InceptionE(2048, max_pool)
        self.fc = nn.Linear(FEATURE_SIZE, CLASS_COUNT)

    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures (N, 3, 299, 299) → features (N, 2048)."""
        x = self.Conv2d_2b_3x3(self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(pictures)))  # (N, 64, 147, 147)
        x = F.max_pool2d(x, 3, stride=2)  # (N, 64, 73, 73)
        x = F.max_pool2d(self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(x)), 3, stride=2)  # (N, 192, 35, 35)
        x = self.Mixed_5d(self.Mixed_5c(self.Mixed_5b(x)))  # (N, 288, 35, 35)
        x = self.Mixed_6a(x)  # (N, 768, 17, 17)
        x = self.Mixed_6e(self.Mixed_6d(self.Mixed_6c(self.Mixed_6b(x))))  # (N, 768, 17, 17)
        x = self.Mixed_7c(self.Mixed_7b(self.Mixed_7a(x)))  # (N, 2048, 8, 8)
        features: Tensor = x.mean((2, 3))  # (N, 2048)
        return features


def resize_bilinear_tf1(pictures: Tensor, side: int = INPUT_SIDE) -> Tensor:
    """Bilinear resizing of pixels (N, 3, H, W) to `side`, as TensorFlow 1 did when FID was defined.

    Output place i lies at i · H / side of the input, corner on corner, with no smoothing when pictures shrink.
    """
    for axis in (2, 3):
        length = pictures.shape[axis]
        places = torch.arange(side, dtype=pictures.dtype, device=pictures.device) * (length / side)
        before = places.floor().long()
        part = (places - before).reshape([-1 if a == axis else 1 for a in range(4)])
        low, high = (pictures.index_select(axis, at.clamp(max=length - 1)) for at in (before, before + 1))
        pictures = low + (high - low) * part
    return pictures
