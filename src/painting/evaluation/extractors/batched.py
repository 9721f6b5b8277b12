"""Features of any number of pictures, a batch at a time: what every network that looks at pictures does alike."""

from collections.abc import Callable

import torch
from torch import Tensor

from painting.images import FloatArray, UInt8Array


def features_in_batches(
    pictures: UInt8Array, batch: int, width: int, see: Callable[[UInt8Array], Tensor]
) -> FloatArray:
    """What `see` makes of each `batch` of pictures, float (n, width), together: uint8 (N, S, S, 3) → (N, width)."""
    parts = [torch.zeros(0, width)]
    parts += [see(pictures[start : start + batch]).cpu() for start in range(0, len(pictures), batch)]
    joined: FloatArray = torch.cat(parts).numpy()
    return joined
