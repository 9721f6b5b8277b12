"""Diversity loss: penalises pairs of one caption whose SSIM structure exceeds that of real pairs of one caption.

A discriminator that is given one picture at a time lets a generator make all pictures of a prompt alike. Yang et al.
2019 (diversity-sensitive GANs) reward a generator for the distance of two of them up to a bound; here similarity is
SSIM's contrast and structure terms (Wang et al. 2003), scale by scale, and the bound is what real pictures have.
Letters: N pairs of pictures, S side in px, K scales, each half as fine as the one before, W windows along a side.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from painting.training.dataset.batches import Batches, CaptionedBatches, Selection
from painting.training.rng import Ids

WINDOW_SIDE = 8
"""Pictures are compared in windows of this side, in px of their scale; the last scale has one window."""
WINDOW_STRIDE = 4
"""The distance of neighbouring windows, in px of their scale."""
EMPTY_VARIANCE = (0.03 * 2) ** 2
"""SSIM's C2 = (0.03 · range)², for pictures in [-1, 1]: the variance below which a window counts as empty."""
PAIRS_PER_BATCH = 100


def structure_similarity(one: Tensor, other: Tensor) -> Tensor:
    """SSIM's contrast and structure terms of picture pairs (N, 3, S, S) in [-1, 1]: mean at each scale, (K,).

    1 for equal pictures, 0 for unrelated ones, −1 for a picture and its negative.
    """
    similarities = []
    while one.shape[-1] >= WINDOW_SIDE:
        mean = _window_means(one)  # (N, 3, W, W)
        other_mean = _window_means(other)  # (N, 3, W, W)
        # Var[x] = E[x²] − E[x]², of both pictures in one pass; Cov[x, y] = E[xy] − E[x]E[y].
        variances = _window_means(one.square() + other.square()) - mean.square() - other_mean.square()
        covariance = _window_means(one * other) - mean * other_mean
        # SSIM's contrast × structure is (2 cov + C2) / (var + var' + C2). Its luminance term is left out: two
        # pictures that differ in brightness alone are still the same picture.
        similarities.append(((2 * covariance + EMPTY_VARIANCE) / (variances + EMPTY_VARIANCE)).mean())
        one = F.avg_pool2d(one, 2)
        other = F.avg_pool2d(other, 2)
    return torch.stack(similarities)


def _window_means(maps: Tensor) -> Tensor:
    return F.avg_pool2d(maps, WINDOW_SIDE, WINDOW_STRIDE)


def diversity_loss(one: Tensor, other: Tensor, reference: Tensor) -> Tensor:
    """Structure similarity of pairs (N, 3, S, S) beyond a reference (K,): Σ over scales of max(0, s − reference).

    Below the reference there is no gradient: pictures need not differ more than real ones do. The mean of a few pairs
    lies above the reference by chance too, so what learns by this ends somewhat below.
    """
    # float32: variances are small differences of large squares.
    return F.relu(structure_similarity(one.float(), other.float()) - reference).sum()


def reference_similarity(batches: CaptionedBatches) -> Tensor | None:
    """Mean structure similarity (K,) of two different pictures with the same caption and labels.

    None where captions describe single pictures: one that is different would be another thing.
    """
    pairs = batches.same_prompt_pairs  # (P, 2)
    if pairs is None:
        return None
    parts = np.array_split(pairs, -(-len(pairs) // PAIRS_PER_BATCH))
    sums = [len(part) * structure_similarity(_load(batches, part[:, 0]), _load(batches, part[:, 1])) for part in parts]
    return torch.stack(sums).sum(0) / len(pairs)


def _load(batches: Batches, ids: Ids) -> Tensor:
    """On white: (N, 3, S, S)."""
    return batches.pictures(Selection.unmirrored(ids))[:, :3]
