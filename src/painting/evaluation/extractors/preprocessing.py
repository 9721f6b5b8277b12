"""Image preprocessing of vision transformers: resize and standardise, with statistics from the model's folder."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from painting.images import UInt8Array

PREPROCESSOR_FILE = "preprocessor_config.json"
MAX_LEVEL = 255


@dataclass(frozen=True)
class Preprocessing:
    """The side in px that a model takes, and the mean and standard deviation of each channel in its training."""

    side: int
    mean: tuple[float, ...]
    std: tuple[float, ...]

    def __call__(self, pictures: UInt8Array, device: str) -> Tensor:
        """Resize as Pillow's bicubic filter does, and standardise: uint8 (N, S, S, 3) → float (N, 3, side, side)."""
        levels = torch.from_numpy(pictures).to(device).permute(0, 3, 1, 2).float()
        resized = F.interpolate(levels, (self.side, self.side), mode="bicubic", antialias=True, align_corners=False)
        mean = torch.tensor(self.mean, device=device)[:, None, None]  # (3, 1, 1)
        std = torch.tensor(self.std, device=device)[:, None, None]
        return (resized.clamp(0, MAX_LEVEL) / MAX_LEVEL - mean) / std


def read_preprocessing(folder: Path, side: int, mean: Sequence[float], std: Sequence[float]) -> Preprocessing:
    """The preprocessing of a model with the mean and std of its preprocessor_config.json, else with these."""
    try:
        config = json.loads((folder / PREPROCESSOR_FILE).read_text(encoding="utf-8"))
        mean, std = config["image_mean"], config["image_std"]  # both or neither
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return Preprocessing(side, tuple(map(float, mean)), tuple(map(float, std)))
