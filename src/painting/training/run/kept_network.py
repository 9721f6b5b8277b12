"""A network that is kept for good: safetensors with the checksum of its tensors, large ones in half floats."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from painting.atomic_file import write_atomic
from painting.errors import TrainingError, error_reason

CHECKSUM_KEY = "sha256"
MIN_HALF_NUMEL = 1024
"""Smaller tensors keep their 32 bits: biases, norms and running statistics take no space."""


def save_network(path: Path, network: nn.Module) -> None:
    """Write a network's tensors, whole or, on OSError, not at all."""
    tensors = {name: _stored(tensor) for name, tensor in network.state_dict().items()}
    write_atomic(path, save(tensors, {CHECKSUM_KEY: _checksum(tensors)}))


def load_network(path: Path, network: nn.Module) -> None:
    """Load a network's tensors; raises TrainingError where the file is missing, damaged or of another network."""
    try:
        with safe_open(path, "pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (it is no mapping)
            checksum = (file.metadata() or {}).get(CHECKSUM_KEY)
        if checksum != _checksum(tensors):
            raise TrainingError(f"{path} is damaged: its checksum is another. Take another snapshot.")
        network.load_state_dict(tensors)
    except (OSError, SafetensorError, RuntimeError) as error:
        raise TrainingError(f"{path} cannot be read: {error_reason(error)}. Take another snapshot.") from error


def load_mean(paths: Sequence[Path], network: nn.Module) -> None:
    """Load the mean of the weights of several files of one network (Wortsman et al. 2022); integers are the last's.

    Raises TrainingError as `load_network` does.
    """
    sums: dict[str, Tensor] = {}
    for path in paths:
        load_network(path, network)
        for name, tensor in network.state_dict().items():
            is_summed = name in sums and tensor.is_floating_point()
            sums[name] = sums[name] + tensor if is_summed else tensor.clone()
    network.load_state_dict(
        {name: total / len(paths) if total.is_floating_point() else total for name, total in sums.items()}
    )


def stored_bytes(network: nn.Module) -> int:
    """The bytes that a network's tensors take on disk."""
    return sum(_stored(tensor).nbytes for tensor in network.state_dict().values())


def _stored(tensor: Tensor) -> Tensor:
    if tensor.dtype != torch.float32 or tensor.numel() < MIN_HALF_NUMEL:
        return tensor.contiguous()
    half = tensor.half().contiguous()
    return half if half.isfinite().all() else tensor.contiguous()


def _checksum(tensors: Mapping[str, Tensor]) -> str:
    digest = hashlib.sha256()
    for name, tensor in sorted(tensors.items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.cpu().numpy().tobytes())
    return digest.hexdigest()
