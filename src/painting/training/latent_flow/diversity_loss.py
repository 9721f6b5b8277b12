"""How much two pictures share, and what it costs a painter where that is more than photographs of a kind do.

A game against a discriminator, which sees one picture at a time, makes the pictures of a prompt alike. Yang et al. 2019
(diversity-sensitive GANs) pay a generator for the distance of two of them up to a bound; here it is SSIM's contrast and
structure (Wang et al. 2003), scale by scale, and the bound is what photographs share.
N pairs of pictures, S side in px, K scales, each half as fine as the one before.
"""

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from painting.images import FloatArray
from painting.training.batches import Batches, Selection
from painting.training.rng import Ids, evenly_spaced_ids

WINDOW, STEP = 8, 4
"""Pictures are compared in windows of this side, so far apart, in px of their scale; the last scale has one."""
EMPTY = (0.03 * 2) ** 2
"""The variance below which a window counts as empty, and two such as the same: SSIM's, for pictures in [-1, 1]."""
LOOKED_AT = 2000
AT_ONCE = 100


def shared_structure(one: Tensor, other: Tensor) -> Tensor:
    """What pairs of pictures (N, 3, S, S) in [-1, 1] have in common, from 1, all, to −1, at each scale: (K,)."""
    shared = []
    while one.shape[-1] >= WINDOW:
        mean, other_mean = _in_windows(one), _in_windows(other)  # (N, 3, W, W)
        variances = _in_windows(one.square() + other.square()) - mean.square() - other_mean.square()
        covariance = _in_windows(one * other) - mean * other_mean
        shared.append(((2 * covariance + EMPTY) / (variances + EMPTY)).mean())
        one, other = F.avg_pool2d(one, 2), F.avg_pool2d(other, 2)
    return torch.stack(shared)


def _in_windows(maps: Tensor) -> Tensor:
    return F.avg_pool2d(maps, WINDOW, STEP)


def alikeness_loss(one: Tensor, other: Tensor, usual: Tensor) -> Tensor:
    """How much more pairs of pictures (N, 3, S, S) share than is usual (K,), summed over the scales.

    The mean of a few pairs lies above it by chance too, so what learns by this ends somewhat below.
    """
    return F.relu(shared_structure(one.float(), other.float()) - usual).sum()


def usual_structure(batches: Batches) -> Tensor | None:
    """What two photographs with the same labels, or telling words, share (K,).

    None where fewer than half of them have such company: nobody knows then how varied a prompt's pictures are.
    """
    data = batches.data
    photographs = None if data.count is None else data.count // data.views
    ids = evenly_spaced_ids(min(LOOKED_AT, photographs or LOOKED_AT), photographs) * data.views  # no two views of one
    pairs, company = _pairs(ids, data.targets(ids))
    if 2 * company < len(ids):
        return None
    parts = np.array_split(pairs, -(-len(pairs) // AT_ONCE))
    shared = [len(part) * shared_structure(_seen(batches, part[:, 0]), _seen(batches, part[:, 1])) for part in parts]
    return torch.stack(shared).sum(0) / len(pairs)


def _pairs(ids: Ids, targets: FloatArray) -> tuple[NDArray[np.int64], int]:
    """Pairs (P, 2), by chance, of pictures that show the same by their targets (N, A), and how many are in any."""
    known = np.random.default_rng(0).permutation(np.flatnonzero(targets.any(1)))
    order = known[np.lexsort(targets[known].T)] if len(known) else known
    same = (targets[order][1:] == targets[order][:-1]).all(1)
    in_any = np.append(same, False) | np.append(False, same)
    return np.stack([ids[order][:-1][same], ids[order][1:][same]], axis=1), int(in_any.sum())


def _seen(batches: Batches, ids: Ids) -> Tensor:
    return batches.pictures(Selection.unmirrored(ids))
