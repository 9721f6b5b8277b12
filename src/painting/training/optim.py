"""One step downhill, and networks that stand still meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

MAX_GRADIENT = 1.0


def descend(loss: Tensor, optimizer: torch.optim.Optimizer, clipped: list[nn.Parameter] | None = None) -> None:
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
