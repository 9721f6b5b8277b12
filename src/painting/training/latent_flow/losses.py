"""The objectives of the latent flow painter, each a short function of tensors. All return a float32 scalar.

What a GPU has computed in bf16 is widened here, before it is subtracted or summed.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor


def attribute_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Binary cross-entropy summed over attributes, mean over pictures: logits and 0/1 targets (N, A)."""
    return F.binary_cross_entropy_with_logits(logits, targets, reduction="sum") / len(logits)


def perceptual_loss(features: Sequence[Tensor], wanted: Sequence[Tensor]) -> Tensor:
    """How far features are from the wanted ones, relative to the size of those, mean over layers.

    A relative L1 in the manner of LPIPS (Zhang et al. 2018), on a classifier that the run itself has trained.
    """
    pairs = [(a.float(), b.float()) for a, b in zip(features, wanted, strict=True)]
    return torch.stack([(a - b).abs().mean() / b.abs().mean() for a, b in pairs]).mean()


def latent_pull(latents: Tensor) -> Tensor:
    """How far the channels of latents (N, C, G, G) are from mean 0 and spread 1: the mean of mean² + (spread − 1)²."""
    mean, std = latents.float().mean((0, 2, 3)), latents.float().std((0, 2, 3))
    return (mean.square() + (std - 1).square()).mean()


def discriminator_loss(real_logits: Tensor, made_logits: Tensor) -> Tensor:
    """The discriminator's hinge loss: logits of real places above 1, of made ones below −1 (Lim & Ye 2017)."""
    return F.relu(1 - real_logits.float()).mean() + F.relu(1 + made_logits.float()).mean()


def wrong_caption_hinge(logits: Tensor, wrong: Tensor) -> Tensor:
    """What it pays for real pictures beside others' captions: their logits below −1 (Reed et al. 2016).

    logits (N, P); wrong bool (N,): where the caption truly is another's. The others cost nothing.
    """
    return mean_where(wrong, F.relu(1 + logits.float()).mean(1))


def adversarial_loss(made_logits: Tensor) -> Tensor:
    """The other player's part of the hinge game: raise the logits of what it made."""
    return -made_logits.float().mean()


def mean_where(which: Tensor, values: Tensor) -> Tensor:
    """The mean of values (N,) where bool (N,) says so; 0 where it says so nowhere."""
    return (values * which).sum() / which.sum().clamp_min(1)


def distance_loss(ends: Tensor, wanted: Tensor) -> Tensor:
    """How far latents (N, C, G, G) are from the wanted ones: each one's root mean square distance, mean over latents.

    Its gradient does not grow with the distance, so that the few wild pairs do not rule (Song & Dhariwal 2024,
    pseudo-Huber).
    """
    return ((ends - wanted).square().mean((1, 2, 3)) + 1e-4).sqrt().mean()


def flow_point(latents: Tensor, noise: Tensor, time: Tensor) -> tuple[Tensor, Tensor]:
    """A point on the straight line from data to noise at time (N,) in [0, 1], and the line's velocity noise − data.

    Rectified flow (Liu et al. 2023): x_t = (1 − t)·x_0 + t·noise.
    """
    t = time.view(-1, *[1] * (latents.ndim - 1))
    return (1 - t) * latents + t * noise, noise - latents
