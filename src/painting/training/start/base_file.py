"""Base files (*.base): what the stages of a run had learned, in 8 bits, for other runs to begin from.

The scale of an output channel is its largest absolute weight / 127 (symmetric, per-channel; Krishnamoorthi 2018), as in
a painter's graph. Small tensors, as biases are, keep their floats.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from painting.errors import TrainingError, error_reason
from painting.training.export.quantization import SCALE_SUFFIX, channel_scales
from painting.training.run.kept_network import DamagedTensors, read_kept, write_kept

DESCRIPTION_KEY = "painting.base"
BASE_VERSION = 2
BASE_NETWORKS = ("autoencoder", "scale", "prior", "finetuned_prior", "finetuned_decoder", "mixer", "discriminator")
"""Autoencoder, the scale of its latents and the flow's prior as they were before fine-tuning, what that made of them,
and the discriminator that it did so with, on its mixer's maps."""
MIN_INT8_NUMEL = 4096
"""Smaller tensors take no space."""


@dataclass(frozen=True)
class BaseDescription:
    """What is known of a base: its text encoder with the captions' statistics, and of what it was trained."""

    name: str
    text_encoder_id: str
    text_encoder_sha256: str
    caption_mean: tuple[float, ...]
    caption_std: tuple[float, ...]
    images_seen: dict[str, int] = field(default_factory=dict)
    hours: float = 0.0
    data: str = ""
    licence: str = ""


@dataclass(frozen=True)
class BaseFile:
    """A description, and the tensors of each of `BASE_NETWORKS` by their names in it."""

    description: BaseDescription
    networks: Mapping[str, Mapping[str, Tensor]]

    def write(self, path: Path) -> None:
        """Write a base file, whole or not at all; raises TrainingError."""
        tensors = {f"{name}/{key}": tensor for name, part in self.networks.items() for key, tensor in part.items()}
        description = json.dumps({"version": BASE_VERSION} | asdict(self.description))
        try:
            write_kept(path, _quantized(tensors), {DESCRIPTION_KEY: description})
        except OSError as error:
            raise TrainingError(f"The base {path} cannot be written: {error_reason(error)}.") from error

    @classmethod
    def read(cls, path: Path) -> "BaseFile":
        """Read a base file; raises TrainingError where it is missing, damaged or of another version."""
        try:
            tensors, metadata = read_kept(path)
            values = json.loads(metadata[DESCRIPTION_KEY])
            if values.pop("version") != BASE_VERSION:
                raise TrainingError(f"The base {path} is of another version of painting: take another one.")
            description = BaseDescription(**{name: _as_tuple(value) for name, value in values.items()})
        except (OSError, DamagedTensors, KeyError, TypeError, ValueError) as error:
            raise TrainingError(f"The base {path} cannot be read: {error_reason(error)}. Take another one.") from error
        networks: dict[str, dict[str, Tensor]] = {name: {} for name in BASE_NETWORKS}
        for key, tensor in _dequantized(tensors).items():
            network, _, name = key.partition("/")
            networks.setdefault(network, {})[name] = tensor
        return cls(description, networks)


def _quantized(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Large tensors in int8, each with the scales of its output channels."""
    stored = dict(tensors)
    for key, tensor in tensors.items():
        if tensor.ndim < 2 or tensor.numel() < MIN_INT8_NUMEL or not tensor.is_floating_point():
            continue
        scale = channel_scales(tensor, output_axis=0)  # (O, 1, …)
        stored[key] = (tensor / scale).round().to(torch.int8)
        stored[f"{key}{SCALE_SUFFIX}"] = scale
    return stored


def _dequantized(stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    scales = {key.removesuffix(SCALE_SUFFIX): scale for key, scale in stored.items() if key.endswith(SCALE_SUFFIX)}
    tensors = {key: tensor for key, tensor in stored.items() if not key.endswith(SCALE_SUFFIX)}
    return {
        key: tensor * scales[key] if key in scales else tensor.float() if tensor.is_floating_point() else tensor
        for key, tensor in tensors.items()
    }


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
