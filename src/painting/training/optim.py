"""Optimisation: learning-rate schedules, the optimiser step, the EMA of weights, and frozen networks."""

import copy
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import torch
from torch import Tensor, nn

MAX_GRADIENT_NORM = 1.0

Network = TypeVar("Network", bound=nn.Module)


def cosine_lr(peak: float, images: int, total: int, warmup: int = 0) -> float:
    """The learning rate after `images` of `total`: half a cosine down to 0 (Loshchilov & Hutter 2017).

    It first rises linearly for `warmup` images.
    """
    if images < warmup:
        return peak * (images + 1) / (warmup + 1)
    progress = min(1.0, (images - warmup) / max(1, total - warmup))
    return peak * 0.5 * (1 + math.cos(math.pi * progress))


def constant_then_linear_lr(peak: float, images: int, total: int, decay_from: float) -> float:
    """The learning rate after `images` of `total`: constant up to the fraction `decay_from`, then linearly to 0."""
    decay_start = decay_from * total
    if images <= decay_start or decay_from == 1:
        return peak
    return peak * max(0.0, total - images) / (total - decay_start)


def set_lr(optimizer: torch.optim.Optimizer, lr: float) -> None:
    """Set the learning rate of every parameter group."""
    for group in optimizer.param_groups:
        group["lr"] = lr


def optimizer_step(loss: Tensor, *optimizers: torch.optim.Optimizer, clipped: list[nn.Parameter] | None = None) -> None:
    """One step of gradient descent; the gradient norm of the `clipped` parameters is bounded."""
    for optimizer in optimizers:
        optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    if clipped:
        nn.utils.clip_grad_norm_(clipped, MAX_GRADIENT_NORM)
    for optimizer in optimizers:
        optimizer.step()


def ema_decay(images: int, batch: int, halflife: int, shortest: int = 0, rampup: float = 0.05) -> float:
    """The decay of an EMA with a half-life of `halflife` images, for one step of `batch` images.

    Early on the half-life is only `rampup` (a twentieth) of the images so far, so that the EMA forgets the random
    initialisation (Karras et al. 2020, StyleGAN2-ADA); but never below `shortest` images, for an EMA of weights that
    are worth remembering.
    """
    # At the first step the half-life may be 0 and so is the decay: the EMA copies the network.
    return float(0.5 ** (batch / max(min(halflife, max(shortest, images * rampup)), 1e-8)))


def ema_copy(network: Network) -> Network:
    """A copy of a network for its EMA: without gradients, and in evaluation mode."""
    return copy.deepcopy(network).requires_grad_(False).eval()


@torch.no_grad()
def update_ema(ema: nn.Module, network: nn.Module, decay: float) -> None:
    """Update the exponential moving average of a network's weights: ema ← decay · ema + (1 − decay) · network.

    Running statistics of normalisations are averaged too, for they belong to the weights; counters are copied.
    """
    pairs = list(zip(ema.state_dict().values(), network.state_dict().values(), strict=True))
    averaged = [(average, weight) for average, weight in pairs if average.is_floating_point()]
    # ema + (1 − decay) · (network − ema), in one call for all of a network's many small tensors.
    torch._foreach_lerp_([average for average, _ in averaged], [weight for _, weight in averaged], 1 - decay)
    for average, weight in pairs:
        if not average.is_floating_point():
            average.copy_(weight)


@contextmanager
def frozen(network: nn.Module) -> Iterator[None]:
    """Within the context the network's parameters get no gradients; its inputs still do."""
    network.requires_grad_(False)
    try:
        yield
    finally:
        network.requires_grad_(True)
