"""A run's cached tensors: half floats in .npy files, each named by the weights that it was computed with."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import torch
from torch import Tensor, nn

from painting.data.array_cache import map_array, write_array
from painting.progress import ProgressCallback


def load_tensor(path: Path, device: torch.device) -> Tensor | None:
    """The float16 tensor (count, …) of a file; None where the file is missing or damaged.

    It is memory-mapped on a CPU, and copied into the memory of any other device.
    """
    array = map_array(path, "c")  # copy-on-write: torch warns of what cannot be written; nothing writes it
    return None if array is None else torch.from_numpy(array).to(device)


def save_tensor(path: Path, blocks: Iterable[Tensor]) -> None:
    """Write a tensor block by block (n, …), whole or not at all; raises OSError and whatever making a block raises."""
    # The run folder is locked by this process: what is unfinished there was left by a killed one.
    write_array(path, (block.cpu().numpy().astype("<f2") for block in blocks), sole_writer=True)


def weights_key(network: nn.Module) -> str:
    """The first 12 hexadecimal digits of the SHA-256 of a network's weights."""
    digest = hashlib.sha256()
    for tensor in network.state_dict().values():
        digest.update(tensor.cpu().numpy().tobytes())
    return digest.hexdigest()[:12]


class ProgressCounter:
    """Adds up the items done for a progress callback, first of none; what the callback raises ends the work."""

    def __init__(self, report: ProgressCallback | None, total: int) -> None:
        self.report = report
        self.total = total
        self.done = 0
        self.add(0)

    def add(self, count: int) -> None:
        """Count so many more items as done and report it."""
        self.done += count
        if self.report:
            self.report(self.done, self.total)
