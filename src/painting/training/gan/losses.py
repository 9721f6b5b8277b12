"""Auxiliary classifier of a GAN (AC-GAN, Odena et al. 2017): its loss and its accuracy.

Letters: N pictures, K classes.
"""

import torch.nn.functional as F
from torch import Tensor

NO_CLASS = -1
"""The class number of a picture whose class is not known."""


def class_loss(logits: Tensor, classes: Tensor) -> Tensor:
    """Cross-entropy of class logits (N, K) with class numbers int64 (N,), mean over pictures of a known class."""
    if logits.shape[1] == 0:
        return logits.new_zeros(())
    total = F.cross_entropy(logits, classes, ignore_index=NO_CLASS, reduction="sum")
    return total / (classes != NO_CLASS).sum().clamp_min(1)


def class_accuracy(logits: Tensor, classes: Tensor) -> Tensor:
    """The share, 0 … 1, of pictures of a known class (N,) whose class has the highest of the logits (N, K)."""
    known = classes != NO_CLASS
    return ((logits.argmax(1) == classes) & known).sum() / known.sum().clamp_min(1)
