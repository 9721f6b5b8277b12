"""DINOv2, a self-supervised vision transformer whose nearest neighbours are similar to the eye (Oquab et al. 2023).

N images, S side in px, E numbers in the class token.
"""

from pathlib import Path

import torch
from torch import Tensor

from painting.evaluation.extractors.base import WeightsMissing, features_in_batches
from painting.evaluation.extractors.preprocessing import read_preprocessing
from painting.images import FloatArray, UInt8Array
from painting.models.hub import fetch_hub_model, find_hub_model, load_hub_model, weights_sha256

FEATURES_VERSION = 1
"""Raised whenever the same weights would give other features."""
BATCH_SIZE = 32
DEFAULT_DINOV2 = "facebook/dinov2-small"
PUBLISHED_NAMES = {"dinov2-small": "dinov2-vits14", "dinov2-base": "dinov2-vitb14", "dinov2-large": "dinov2-vitl14"}
"""A model's name on the hub → the one in its paper."""
IMAGE_SIDE = 224
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


class Dinov2:
    """The class token after the last layer norm."""

    kind = "dinov2"

    def __init__(self, folder: Path, name: str, device: str = "cpu") -> None:
        """Load the model `name` from a folder in Hugging Face's layout; raises WeightsMissing."""
        from transformers import Dinov2Model

        self._model = load_hub_model(Dinov2Model, folder, {"dinov2"}, WeightsMissing).to(device)
        self.name = PUBLISHED_NAMES.get(name, f"dinov2-{name.removeprefix('dinov2-')}")
        self.key = f"dinov2-{FEATURES_VERSION}-{weights_sha256(folder)}"
        self.width = int(self._model.config.hidden_size)
        self._preprocess = read_preprocessing(folder, IMAGE_SIDE, IMAGENET_MEAN, IMAGENET_STD)
        self._device = device

    @torch.inference_mode()
    def features(self, pictures: UInt8Array) -> FloatArray:
        """Class tokens: uint8 (N, S, S, 3) → float32 (N, E)."""
        return features_in_batches(pictures, BATCH_SIZE, self.width, self._extract)

    def _extract(self, pictures: UInt8Array) -> Tensor:
        images = self._preprocess(pictures, self._device)
        class_tokens: Tensor = self._model(pixel_values=images).pooler_output
        return class_tokens


def load_dinov2(source: str | None, download: bool, device: str = "cpu") -> Dinov2:
    """Load ViT-S/14, or another DINOv2, from a folder, the hub's cache or the hub; raises WeightsMissing."""
    model = find_hub_model(source or DEFAULT_DINOV2, [DEFAULT_DINOV2], WeightsMissing)
    return Dinov2(fetch_hub_model(model, WeightsMissing, download), model.short_name, device)
