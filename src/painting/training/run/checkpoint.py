"""Checkpoints: tensors as safetensors, the position as JSON, written atomically."""

import json
import os
import re
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.optim import Optimizer

from painting.errors import TrainingError
from painting.files.archive import file_sha256

CHECKPOINTS_KEPT = 2
TENSORS_FILE, POSITION_FILE = "tensors.safetensors", "checkpoint.json"


@dataclass(frozen=True)
class Position:
    """A run's position: stage, steps done in it, roll-backs so far, and seconds of training."""

    stage_index: int = 0
    step: int = 0
    rollbacks: int = 0
    seconds: float = 0.0


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
        states.setdefault(int(index), {})[slot] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": states})


def save_checkpoint(folder: Path, state: TrainingState, position: Position) -> Path:
    """Write a checkpoint and remove all but the newest two; on OSError the older ones stay as they are."""
    folder.mkdir(exist_ok=True)
    final = folder / f"{position.stage_index}-{position.step:08d}-{position.rollbacks}"
    for partial in folder.glob(".*.part"):  # left by kills
        shutil.rmtree(partial, ignore_errors=True)
    part = folder / f".{final.name}.part"
    try:
        part.mkdir()
        _save_tensors(state.tensors(), part / TENSORS_FILE)
        values = asdict(position) | {"sha256": file_sha256(part / TENSORS_FILE)}
        (part / POSITION_FILE).write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
        for file in part.iterdir():
            _flush(file)
        shutil.rmtree(final, ignore_errors=True)
        os.rename(part, final)
        _flush(folder)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        raise
    for old in _complete(folder)[:-CHECKPOINTS_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return final


def _save_tensors(tensors: dict[str, Tensor], path: Path) -> None:
    try:
        save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, path)
    except SafetensorError as error:  # how safetensors reports a full disk
        raise OSError(str(error)) from error


def load_position(folder: Path) -> tuple[Position, Path] | None:
    """The newest undamaged checkpoint and its folder; None where there is none.

    Raises TrainingError where all are damaged.
    """
    checkpoints = _complete(folder)
    for checkpoint in reversed(checkpoints):
        try:
            values = json.loads((checkpoint / POSITION_FILE).read_text(encoding="utf-8"))
            if values.pop("sha256") == file_sha256(checkpoint / TENSORS_FILE):
                return Position(**values), checkpoint
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    if checkpoints:
        raise TrainingError(f"Every checkpoint in {folder} is damaged: start a new run in another folder.")
    return None


def load_tensors(checkpoint: Path, device: torch.device) -> dict[str, Tensor]:
    """The tensors of one checkpoint by name, on a device."""
    return load_file(checkpoint / TENSORS_FILE, device=str(device))


def _complete(folder: Path) -> list[Path]:
    """Checkpoints from the oldest to the newest."""
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
