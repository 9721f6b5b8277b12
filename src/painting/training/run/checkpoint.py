"""Checkpoints: tensors as safetensors, the position as sealed JSON with their hash, written atomically."""

import os
import re
import shutil
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.optim import Optimizer

from painting.atomic_file import rename
from painting.errors import TrainingError
from painting.files.archive import file_sha256
from painting.files.sealed_json import DamagedJson, read_sealed, write_sealed

CHECKPOINTS_KEPT = 2
TENSORS_FILE, POSITION_FILE = "tensors.safetensors", "checkpoint.json"


class DamagedCheckpointWarning(UserWarning):
    """The newest checkpoint is damaged, and an older one is taken."""


@dataclass(frozen=True)
class Position:
    """A run's position: stage, steps done in it, roll-backs so far, and seconds of training."""

    stage_index: int = 0
    step: int = 0
    rollbacks: int = 0
    seconds: float = 0.0

    @property
    def name(self) -> str:
        """The name of its checkpoint's folder."""
        return f"{self.stage_index}-{self.step:08d}-{self.rollbacks}"


@dataclass(frozen=True)
class TrainingState:
    """The state of a training: all networks of a model, and the optimisers of its current stage."""

    networks: dict[str, nn.Module]
    optimizers: dict[str, Optimizer]

    def tensors(self) -> dict[str, Tensor]:
        """Every tensor by name: `network/NAME/KEY` or `optimizer/NAME/INDEX/SLOT`."""
        named = {f"network/{n}/{k}": t for n, network in self.networks.items() for k, t in network.state_dict().items()}
        for name, optimizer in self.optimizers.items():
            for index, slots in optimizer.state_dict()["state"].items():
                named |= {f"optimizer/{name}/{index}/{slot}": value for slot, value in slots.items()}
        return named

    def restore(self, tensors: dict[str, Tensor]) -> None:
        """Load the tensors into networks and optimisers; raises TrainingError where they are of other networks."""
        for name, network in self.networks.items():
            try:
                network.load_state_dict(_below(tensors, f"network/{name}/"))
            except RuntimeError as error:
                raise TrainingError(
                    f"The checkpoint's network {name} is not the one that this version of painting builds: "
                    "use the version that started the run, or start a new run."
                ) from error
        for name, optimizer in self.optimizers.items():
            _restore_optimizer(optimizer, _below(tensors, f"optimizer/{name}/"))

    def finite(self) -> bool:
        """Whether no tensor holds NaN or infinity."""
        return all(bool(t.isfinite().all()) for t in self.tensors().values() if t.is_floating_point())


def _restore_optimizer(optimizer: Optimizer, tensors: dict[str, Tensor]) -> None:
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    states: dict[int, dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        index, slot = key.split("/")
        if tensor.shape == parameters[int(index)].shape:
            # Fused steps walk through memory: moments must have their parameter's memory format (channels last).
            tensor = torch.empty_like(parameters[int(index)]).copy_(tensor)
        else:
            tensor = tensor.clone()  # of the memory-mapped file, which could otherwise not be removed on Windows
        states.setdefault(int(index), {})[slot] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": states})


def save_checkpoint(folder: Path, state: TrainingState, position: Position) -> Path:
    """Write a checkpoint and remove all but the newest two; on OSError the older ones stay as they are."""
    folder.mkdir(exist_ok=True)
    final = folder / position.name
    for partial in folder.glob(".*.part"):  # left by kills
        shutil.rmtree(partial, ignore_errors=True)
    part = folder / f".{final.name}.part"
    try:
        part.mkdir()
        _save_tensors(state.tensors(), part / TENSORS_FILE)
        values = asdict(position) | {"sha256": file_sha256(part / TENSORS_FILE)}
        write_sealed(part / POSITION_FILE, values)
        for file in part.iterdir():
            _flush(file)
        shutil.rmtree(final, ignore_errors=True)
        rename(part, final)
        _flush(folder)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        raise
    _remove_older(folder, final)
    return final


def _remove_older(folder: Path, newest: Path) -> None:
    """Remove all before the newest CHECKPOINTS_KEPT, of which later and damaged ones are none."""
    checkpoints = _checkpoints(folder)
    until_newest = checkpoints[: checkpoints.index(newest) + 1]
    kept = [checkpoint for checkpoint in until_newest if _read_position(checkpoint)][-CHECKPOINTS_KEPT:]
    for old in until_newest[: until_newest.index(kept[0])]:
        shutil.rmtree(old, ignore_errors=True)


def _save_tensors(tensors: dict[str, Tensor], path: Path) -> None:
    try:
        save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, path)
    except SafetensorError as error:  # how safetensors reports a full disk
        raise OSError(str(error)) from error


def load_position(folder: Path) -> tuple[Position, Path] | None:
    """The newest undamaged checkpoint and its folder, with a warning where newer ones are damaged; None without any.

    Raises TrainingError where all are damaged.
    """
    checkpoints = _checkpoints(folder)
    for checkpoint in reversed(checkpoints):
        position = _undamaged_position(checkpoint)
        if position is None:
            continue
        if checkpoint != checkpoints[-1]:
            message = f"The newest checkpoint, {checkpoints[-1]}, is damaged: {checkpoint.name} is taken instead."
            warnings.warn(message, DamagedCheckpointWarning, stacklevel=2)
        return position, checkpoint
    if checkpoints:
        raise TrainingError(f"Every checkpoint in {folder} is damaged: start a new run in another folder.")
    return None


def _undamaged_position(checkpoint: Path) -> Position | None:
    """The position of a checkpoint whose position and tensors are as they were written; None for any other."""
    found = _read_position(checkpoint)
    if found is None:
        return None
    position, sha256 = found
    try:
        return position if file_sha256(checkpoint / TENSORS_FILE) == sha256 else None
    except OSError:
        return None


def _read_position(checkpoint: Path) -> tuple[Position, str] | None:
    """The position and the hash of the tensors; None where they are damaged or those of a folder of another name."""
    try:
        values = read_sealed(checkpoint / POSITION_FILE)
        sha256 = values.pop("sha256")
        position = Position(**values)
    except (OSError, DamagedJson, KeyError, TypeError):
        return None
    return (position, sha256) if position.name == checkpoint.name else None


def load_tensors(checkpoint: Path, device: torch.device) -> dict[str, Tensor]:
    """The tensors of one checkpoint by name, on a device."""
    return load_file(checkpoint / TENSORS_FILE, device=str(device))


def _checkpoints(folder: Path) -> list[Path]:
    """The folders that have a checkpoint's name, from the oldest to the newest."""
    if not folder.is_dir():
        return []
    return sorted(
        (entry for entry in folder.iterdir() if re.fullmatch(r"\d+-\d+-\d+", entry.name)),
        key=lambda entry: [int(number) for number in entry.name.split("-")],
    )


def _below(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def _flush(path: Path) -> None:
    """Flush a file or folder to disk, before it is renamed to a name that says that it is complete."""
    if path.is_dir() and os.name == "nt":  # Windows cannot open a folder
        return
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
