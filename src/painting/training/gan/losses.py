"""The objectives of the adversarial models, each a short function of tensors. All return a float32 scalar.

A GPU may have computed logits in bf16; what torch does not widen by itself is widened here.

N counts pictures, K classes.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from painting.training.latent_flow.losses import mean_where

NO_CLASS = -1
"""The class of a picture of which none is known."""


def real_loss(logits: Tensor, labels: Tensor | None = None) -> Tensor:
    """What a discriminator pays for real pictures: binary cross-entropy of logits (N,) with 1, or with labels (N,).

    Labels a little below 1 keep it from being too sure: one-sided, for real pictures alone (Salimans et al. 2016).
    """
    return F.binary_cross_entropy_with_logits(logits, torch.ones_like(logits) if labels is None else labels)


def generated_loss(logits: Tensor) -> Tensor:
    """What a discriminator pays for generated pictures, logits (N,): binary cross-entropy with 0."""
    return F.softplus(logits.float()).mean()


def wrong_caption_loss(logits: Tensor, wrong: Tensor) -> Tensor:
    """What a discriminator pays for real pictures beside others' captions: cross-entropy with 0 (Reed et al. 2016).

    logits (N,); wrong bool (N,): where the caption truly is another's. The others cost nothing.
    """
    return mean_where(wrong, F.softplus(logits.float()))


def fooling_loss(logits: Tensor) -> Tensor:
    """What a generator pays for its pictures, logits (N,): the non-saturating loss (Goodfellow et al. 2014)."""
    return F.softplus(-logits.float()).mean()


def class_loss(logits: Tensor, classes: Tensor) -> Tensor:
    """Cross-entropy of class logits (N, K) with class numbers int64 (N,); a picture without a class costs nothing."""
    if logits.shape[1] == 0:
        return logits.new_zeros(())
    total = F.cross_entropy(logits, classes, ignore_index=NO_CLASS, reduction="sum")
    return total / (classes != NO_CLASS).sum().clamp_min(1)


def class_accuracy(logits: Tensor, classes: Tensor) -> Tensor:
    """The share of pictures whose class, where one is known, has the highest of the logits (N, K)."""
    known = classes != NO_CLASS
    return ((logits.argmax(1) == classes) & known).sum() / known.sum().clamp_min(1)
