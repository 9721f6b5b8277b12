"""What a GPU does otherwise than a CPU: it computes in bf16 where that is safe, by kernels made for these networks, and
its memory holds the pictures.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec

import numpy as np
import torch
from torch import Tensor, nn

from painting.data.array_cache import spans
from painting.data.picture_set import PictureSet
from painting.models.efficientnet_lite import InvertedResidual
from painting.models.layers import Attention, ModulatedBlock, ResidualBlock

HELD_SHARE = 0.5
"""How much of a GPU's free memory pictures may take; the rest is for networks and what they compute."""
BLOCK = 1024
COMPILED = (ResidualBlock, ModulatedBlock, Attention, InvertedResidual)
"""What kernels are made for: blocks, which come again and again, and whose small steps a GPU is slow at one by one."""
MOST_KERNELS = 64
"""Of a kind of block: one for each of its shapes, with gradients and without."""


def computing(device: torch.device) -> AbstractContextManager[object]:
    """Where steps are computed: within it, a GPU that can multiplies and convolves in bf16.

    Weights, optimisers, running averages and losses stay in float32 (mixed precision, Micikevicius et al. 2018).
    """
    if device.type == "cuda" and torch.cuda.is_bf16_supported():
        return torch.autocast("cuda", torch.bfloat16)
    return nullcontext()


def placed(network: nn.Module, device: torch.device) -> None:
    """Move a network to a device, laid out as convolutions like it best; on a GPU its blocks are compiled."""
    network.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    if device.type == "cuda" and find_spec("triton"):  # which makes the kernels, and has no Windows
        compile_blocks(network)


def compile_blocks(network: nn.Module, backend: str | Callable[..., object] = "inductor") -> None:
    """Have kernels made for a network's blocks when they first compute (torch.compile); weights keep their names.

    Where none can be made, for there is no C compiler or torch fails, the block computes as ever.
    """
    torch._dynamo.config.suppress_errors = True
    torch._dynamo.config.recompile_limit = MOST_KERNELS
    for module in network.modules():
        if isinstance(module, COMPILED):
            module.compile(backend=backend)


def held_pictures(data: PictureSet, device: torch.device) -> Tensor | None:
    """All pictures of a finite set in a GPU's memory, uint8 (count, S, S, 3), if they leave enough of it; else None."""
    if data.count is None or data.count * data.size**2 * 3 > HELD_SHARE * free_bytes(device):
        return None
    held = torch.empty(data.count, data.size, data.size, 3, dtype=torch.uint8, device=device)
    for start, stop in spans(data.count, BLOCK):
        held[start:stop] = torch.from_numpy(data.pictures(np.arange(start, stop))).to(device)
    return held


def free_bytes(device: torch.device) -> int:
    """How much memory of its own a GPU has left; nothing where that is the machine's."""
    if device.type != "cuda":
        return 0
    torch.cuda.empty_cache()  # what torch keeps for later counts as taken
    return torch.cuda.mem_get_info(device)[0]
