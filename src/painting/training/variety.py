"""How much structure two pictures share, and what sharing more than photographs of a kind do costs a painter.

A game against a discriminator, which sees one picture at a time, makes the pictures of a prompt alike. Yang et al. 2019
pay a generator for the distance of two of them up to a bound; here it is what SSIM calls structure (Wang et al. 2003),
scale by scale, and the bound is what photographs do. N pictures, S side in px, K scales, each half as fine as the one
before.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from painting.training.batches import Batches, Selection
from painting.training.draws import Ids, spread_ids

WINDOW, STEP = 8, 4
"""Structure is compared in windows of this side, so far apart, in px of their scale; the last scale has one."""
FLAT = (0.03 * 2) ** 2
"""The variance below which a window counts as empty, and two such as the same: SSIM's, for pictures in [-1, 1]."""
LOOKED_AT = 2000
AT_ONCE = 100


def shared_structure(one: Tensor, other: Tensor) -> Tensor:
    """What pairs of pictures (N, 3, S, S) in [-1, 1] have in common: their mean correlation in windows, (K,)."""
    shared = []
    while one.shape[-1] >= WINDOW:
        mean, other_mean = _in_windows(one), _in_windows(other)  # (N, 3, W, W)
        variances = _in_windows(one.square() + other.square()) - mean.square() - other_mean.square()
        covariance = _in_windows(one * other) - mean * other_mean
        shared.append(((2 * covariance + FLAT) / (variances + FLAT)).mean())
        one, other = F.avg_pool2d(one, 2), F.avg_pool2d(other, 2)
    return torch.stack(shared)


def _in_windows(maps: Tensor) -> Tensor:
    return F.avg_pool2d(maps, WINDOW, STEP)


def alikeness_loss(one: Tensor, other: Tensor, usual: Tensor) -> Tensor:
    """How much more structure pairs of pictures (N, 3, S, S) share than is usual (K,), summed over the scales."""
    return F.relu(shared_structure(one.float(), other.float()) - usual).sum()


def usual_structure(batches: Batches) -> Tensor | None:
    """What photographs with the same labels or telling words share (K,); None where most have no such company."""
    ids = spread_ids(min(LOOKED_AT, batches.data.count or LOOKED_AT), batches.data.count)
    pairs = _alike(ids, batches.data.targets(ids))
    if 2 * len(pairs) < len(ids):
        return None
    parts = np.array_split(pairs, -(-len(pairs) // AT_ONCE))
    shared = [len(part) * shared_structure(_seen(batches, part[:, 0]), _seen(batches, part[:, 1])) for part in parts]
    return torch.stack(shared).sum(0) / len(pairs)


def _alike(ids: Ids, targets: np.ndarray) -> np.ndarray:
    """Pairs of the ids of pictures that show the same, by their targets (N, A): int64 (P, 2)."""
    order = np.lexsort(targets.T) if targets.shape[1] else np.zeros(0, np.int64)
    same = (targets[order][1:] == targets[order][:-1]).all(1)
    return np.stack([ids[order][:-1][same], ids[order][1:][same]], axis=1)


def _seen(batches: Batches, ids: Ids) -> Tensor:
    return batches.pictures(Selection(ids, np.zeros(len(ids), np.bool_)))
