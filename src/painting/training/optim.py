"""Optimisation: learning-rate schedules, the optimiser step, the EMA of weights, and frozen networks."""

import math
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

MAX_GRADIENT = 1.0


def optimizer_step(loss: Tensor, optimizer: torch.optim.Optimizer, clipped: list[nn.Parameter] | None = None) -> None:
    """One step downhill, with the gradient's length bounded for `clipped` parameters."""
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    if clipped:
        nn.utils.clip_grad_norm_(clipped, MAX_GRADIENT)
    optimizer.step()


@contextmanager
def frozen(network: nn.Module) -> Iterator[None]:
    """What runs through the network inside gives it no gradients, however late they are computed."""
    network.requires_grad_(False)
    try:
        yield
    finally:
        network.requires_grad_(True)


def cosine_lr(peak: float, seen: int, total: int, warmup: int = 0) -> float:
    """The learning rate after `seen` of `total` images.

    It climbs linearly for `warmup` images, then falls to zero along half a cosine (Loshchilov & Hutter 2017).
    """
    if seen < warmup:
        return peak * (seen + 1) / (warmup + 1)
    progress = min(1.0, (seen - warmup) / max(1, total - warmup))
    return peak * 0.5 * (1 + math.cos(math.pi * progress))


def constant_then_linear_lr(peak: float, seen: int, total: int, decay_from: float) -> float:
    """The learning rate after `seen` of `total` images: its peak up to that share of them, then down to 0 in a line."""
    begins = decay_from * total
    return peak if seen <= begins or decay_from == 1 else peak * max(0.0, total - seen) / (total - begins)


def set_lr(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Give every group of parameters the same learning rate."""
    for group in optimizer.param_groups:
        group["lr"] = rate


def ema_decay(seen: int, batch: int, halflife: int, rampup: float = 0.05) -> float:
    """How much of the averaged weights a step keeps, so that their memory halves in `halflife` images.

    Early on the half-life is a twentieth of the images seen, for an average should not remember the first noise
    (Karras et al. 2020, StyleGAN2-ADA).
    """
    return float(0.5 ** (batch / max(min(halflife, seen * rampup), 1e-8)))


@torch.no_grad()
def update_ema(average: nn.Module, network: nn.Module, decay: float) -> None:
    """Move the averaged weights towards the network's: average ← decay · average + (1 − decay) · network.

    So do the statistics of normalisations, which belong to the weights; counters are copied.
    """
    pairs = list(zip(average.state_dict().values(), network.state_dict().values(), strict=True))
    moving = [(mine, theirs) for mine, theirs in pairs if mine.is_floating_point()]
    torch._foreach_lerp_([mine for mine, _ in moving], [theirs for _, theirs in moving], 1 - decay)
    for mine, theirs in pairs:
        if not mine.is_floating_point():
            mine.copy_(theirs)
