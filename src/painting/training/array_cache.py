"""Rows of numbers that take minutes to compute, kept in a file in half floats, written whole or not at all."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from painting.progress import ProgressCallback


def read_rows(path: Path, device: torch.device) -> Tensor | None:
    """The rows (count, …) of a file, mapped on a CPU, in the memory of any other device; None where it is not there
    yet, or damaged.
    """
    try:
        rows = np.load(path, mmap_mode="c")  # torch warns of what cannot be written; nothing writes it
    except (FileNotFoundError, ValueError, EOFError):
        return None
    return torch.from_numpy(rows).to(device)


def write_rows(path: Path, count: int, blocks: Iterable[Tensor]) -> None:
    """Write blocks (n, …) of `count` rows in all; raises OSError, and whatever the making of a block raises."""
    part = path.with_suffix(".part")
    with part.open("wb") as file:  # not through a memory map: on a full disk that would kill the process
        for index, block in enumerate(blocks):
            rows = block.cpu().numpy().astype("<f2")
            if index == 0:
                header = {"descr": "<f2", "fortran_order": False, "shape": (count, *rows.shape[1:])}
                np.lib.format.write_array_header_1_0(file, header)
            file.write(rows.tobytes())
        file.flush()
        os.fsync(file.fileno())  # before its name says that it is whole
    os.replace(part, path)


def fingerprint(network: nn.Module) -> str:
    """Names the weights that rows come from."""
    digest = hashlib.sha256()
    for tensor in network.state_dict().values():
        digest.update(tensor.cpu().numpy().tobytes())
    return digest.hexdigest()[:12]


class Progress:
    """Counts what is done for whoever listens; what that one raises ends the work."""

    def __init__(self, report: ProgressCallback | None, total: int) -> None:
        self.report, self.total, self.done = report, total, 0
        self.add(0)

    def add(self, count: int) -> None:
        self.done += count
        if self.report:
            self.report(self.done, self.total)


def spans(count: int, block: int) -> list[tuple[int, int]]:
    """From where to where each block of at most `block` rows goes."""
    return [(start, min(count, start + block)) for start in range(0, count, block)]
