"""Losses of the latent flow painter's autoencoder and prior.

All return a float32 scalar. What a GPU has computed in bf16 is widened here, before it is subtracted or summed.
Letters: N pictures, C latent channels, G side of a latent map.
"""

from collections.abc import Sequence

import torch
from torch import Tensor


def perceptual_loss(features: Sequence[Tensor], targets: Sequence[Tensor]) -> Tensor:
    """Relative L1 distance of features: |f − f*| / |f*|, means over each layer's features, then over layers.

    In the manner of LPIPS (Zhang et al. 2018), on a published network of images. Dividing by the size
    of the target's features gives every layer the same weight, whatever its activations' scale.
    """
    pairs = [(a.float(), b.float()) for a, b in zip(features, targets, strict=True)]
    return torch.stack([(a - b).abs().mean() / b.abs().mean() for a, b in pairs]).mean()


def latent_moment_loss(latents: Tensor) -> Tensor:
    """Distance of latents' channel moments from 0 and 1: the mean over channels of mean² + (std − 1)².

    latents (N, C, G, G). It keeps latents in a range that noise of a fixed size can matter in, as a VAE's KL does, yet
    lets each latent be as certain as it likes.
    """
    mean = latents.float().mean((0, 2, 3))  # (C,)
    std = latents.float().std((0, 2, 3))  # (C,)
    return (mean.square() + (std - 1).square()).mean()


def linear_path(latents: Tensor, noise: Tensor, time: Tensor) -> tuple[Tensor, Tensor]:
    """A point x_t = (1 − t)·x_0 + t·noise on the straight path from data to noise, and its velocity noise − x_0.

    Rectified flow (Liu et al. 2023). latents x_0 and noise (N, C, G, G), time (N,) in [0, 1].
    """
    t = time.view(-1, *[1] * (latents.ndim - 1))  # (N, 1, 1, 1)
    return (1 - t) * latents + t * noise, noise - latents
