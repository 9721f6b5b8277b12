"""A network that is kept for good: safetensors with the checksum of its tensors, large ones in half floats."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from painting.atomic_file import write_atomic
from painting.errors import TrainingError, error_reason

CHECKSUM_KEY = "sha256"
MIN_HALF_NUMEL = 1024
"""Smaller tensors keep their 32 bits: biases, norms and running statistics take no space."""


class DamagedTensors(Exception):
    """A file of tensors that is cut short, or changed."""


def write_kept(path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str] = MappingProxyType({})) -> None:
    """Write tensors, large ones as half floats, whole or, on OSError, not at all."""
    stored = {name: _stored(tensor) for name, tensor in tensors.items()}
    write_atomic(path, save(stored, {**metadata, CHECKSUM_KEY: _checksum(stored)}))


def read_kept(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The tensors of a file as they are stored, and its metadata; raises OSError or DamagedTensors."""
    try:
        with safe_open(path, "pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (it is no mapping)
            metadata = file.metadata() or {}
    except SafetensorError as error:
        raise DamagedTensors(error_reason(error)) from error
    if metadata.get(CHECKSUM_KEY) != _checksum(tensors):
        raise DamagedTensors("its checksum is another")
    return tensors, metadata


def save_network(path: Path, network: nn.Module) -> None:
    """Write a network's tensors, whole or, on OSError, not at all."""
    write_kept(path, network.state_dict())


def load_network(path: Path, network: nn.Module) -> None:
    """Load a network's tensors; raises TrainingError where the file is missing, damaged or of another network."""
    try:
        network.load_state_dict(read_kept(path)[0])
    except (OSError, DamagedTensors, RuntimeError) as error:
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
