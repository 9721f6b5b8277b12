"""DINOv2's small vision transformer, which learned without labels: what it finds alike, people do (Oquab et al. 2023).

N pictures, S side in px, E width.
"""

from pathlib import Path

import torch
from torch import Tensor

from painting.evaluation.extractors.base import Kind
from painting.evaluation.extractors.batched import features_in_batches
from painting.evaluation.extractors.hub import HubModel, find_folder, load_model, plain_name, preparation, weights_hash
from painting.images import FloatArray, UInt8Array

VERSION = 1
"""Raised whenever the same weights would give other features."""
BATCH = 32
MODEL = HubModel("facebook/dinov2-small")
KNOWN = {"dinov2-small": "dinov2-vits14", "dinov2-base": "dinov2-vitb14", "dinov2-large": "dinov2-vitl14"}
SIDE = 224
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet


class Dinov2:
    """The class token after the last norm."""

    kind: Kind = "dinov2"

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        """Load it from a folder in Hugging Face's layout; raises WeightsMissing."""
        from transformers import Dinov2Model

        self._model = load_model(Dinov2Model, folder).to(device)
        name = plain_name(folder)
        self.name = KNOWN.get(name, f"dinov2-{name.removeprefix('dinov2-')}")
        self.key = f"dinov2-{VERSION}-{weights_hash(folder)}"
        self.width = int(self._model.config.hidden_size)
        self._prepared = preparation(folder, SIDE, MEAN, STD)
        self._device = device

    @torch.inference_mode()
    def features(self, pictures: UInt8Array) -> FloatArray:
        """uint8 (N, S, S, 3) → float32 (N, E)."""
        return features_in_batches(pictures, BATCH, self.width, self._seen)

    def _seen(self, pictures: UInt8Array) -> Tensor:
        pooled: Tensor = self._model(pixel_values=self._prepared.prepare(pictures, self._device)).pooler_output
        return pooled


def load_dinov2(given: str | None, download: bool, device: str = "cpu") -> Dinov2:
    """DINOv2 ViT-S/14, or another DINOv2, from a folder, the hub's cache or the hub; raises WeightsMissing."""
    return Dinov2(find_folder(MODEL, given, download), device)
