"""The training device: its selection, and for GPUs bf16, compiled blocks and pictures in GPU memory."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec

import numpy as np
import torch
from torch import Tensor, nn

from painting.data.array_cache import spans
from painting.data.picture_set import PictureSet, training_pixels
from painting.errors import TrainingError
from painting.models.efficientnet_lite import InvertedResidual
from painting.models.layers import Attention, ModulatedBlock, ResidualBlock

DEVICE_TYPES = ("cpu", "cuda", "mps")
PICTURES_MEMORY_FRACTION = 0.5
"""The fraction of a GPU's free memory that pictures may take; the rest is for networks and activations."""
COPY_BLOCK_SIZE = 1024
"""Pictures copied to a GPU at a time."""
COMPILED_BLOCKS = (ResidualBlock, ModulatedBlock, Attention, InvertedResidual)
"""The modules that are compiled: they recur, and their many small operations leave a GPU idle one by one."""
MAX_RECOMPILATIONS = 64
"""Of a block: once for each of its shapes, with gradients and without."""


def select_device(name: str) -> torch.device:
    """The device of this name: auto (the first GPU that torch can use, else the CPU), cpu, cuda, cuda:1 or mps.

    Raises TrainingError where torch cannot compute on it.
    """
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        if name.partition(":")[0] not in DEVICE_TYPES:  # torch names many more, and even one that computes nothing
            raise RuntimeError("there is no such device to train on")
        device = torch.device(name)
        torch.zeros(1, device=device)
        count = torch.get_device_module(device.type).device_count()
        if 0 < count <= (device.index or 0):  # torch accepts a CPU with any index
            raise RuntimeError(f"there {'is' if count == 1 else 'are'} {count} of its kind here, counted from 0")
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0].split(". ")[0].rstrip(".")
        if isinstance(error, NotImplementedError):  # its message names torch's internals
            reason = "this torch cannot compute there"
        raise TrainingError(
            f"The device {name!r} cannot be used: {reason}. Take auto, cpu, cuda, cuda:1 or mps."
        ) from error
    return device


def autocast(device: torch.device) -> AbstractContextManager[object]:
    """Mixed precision for training steps: a GPU that can multiplies and convolves in bf16 (Micikevicius et al. 2018).

    Weights, optimisers, EMAs and losses stay in float32.
    """
    if device.type == "cuda" and torch.cuda.is_bf16_supported():
        return torch.autocast("cuda", torch.bfloat16)
    return nullcontext()


def place_network(network: nn.Module, device: torch.device) -> None:
    """Move a network to a device, in channels-last memory format; on a GPU its blocks are compiled."""
    network.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    if device.type == "cuda" and find_spec("triton"):  # torch.compile needs it, and Windows has none
        compile_blocks(network)


def compile_blocks(network: nn.Module, backend: str | Callable[..., object] = "inductor") -> None:
    """Compile a network's blocks on their first call (torch.compile); the weights keep their names.

    A block that cannot be compiled, as without a C compiler, runs uncompiled.
    """
    torch._dynamo.config.suppress_errors = True
    torch._dynamo.config.recompile_limit = MAX_RECOMPILATIONS
    for module in network.modules():
        if isinstance(module, COMPILED_BLOCKS):
            module.compile(backend=backend)


def pictures_on_device(data: PictureSet, device: torch.device) -> Tensor | None:
    """All pictures of a finite set in a GPU's memory, uint8 (count, S, S, C); None where they take too much of it."""
    free = free_bytes(device)
    if data.count is None or free == 0:
        return None
    first = training_pixels(data, np.arange(1))  # (1, S, S, C)
    if data.count * first.nbytes > PICTURES_MEMORY_FRACTION * free:
        return None
    pictures = torch.empty(data.count, *first.shape[1:], dtype=torch.uint8, device=device)
    for start, stop in spans(data.count, COPY_BLOCK_SIZE):
        pictures[start:stop] = torch.from_numpy(training_pixels(data, np.arange(start, stop))).to(device)
    return pictures


def free_bytes(device: torch.device) -> int:
    """The free memory of a GPU in bytes; 0 for other devices, which share the machine's."""
    if device.type != "cuda":
        return 0
    torch.cuda.empty_cache()  # what torch keeps for later counts as taken
    return torch.cuda.mem_get_info(device)[0]
