"""CLIP as an extractor: images and prompts in one space (Radford et al. 2021).

N images, S side in px, M requests, C texts beside each image, E numbers in a projected vector.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from painting.evaluation.extractors.base import WeightsMissing, features_in_batches
from painting.evaluation.extractors.preprocessing import read_preprocessing
from painting.evaluation.prompts import Request
from painting.images import FloatArray, UInt8Array
from painting.models.hub import (
    fetch_hub_model,
    find_hub_model,
    load_hub_model,
    load_hub_tokenizer,
    short_name,
    weights_sha256,
)
from painting.text.catalog import HUB_MODELS

FEATURES_VERSION = 1
"""Raised whenever the same weights would give other features."""
BATCH_SIZE = 32
DEFAULT_CLIP = HUB_MODELS["clip-vit-b32"]
CLIP_IMAGE_MEAN = (0.48145466, 0.4578275, 0.40821073)  # of CLIP's own training
CLIP_IMAGE_STD = (0.26862954, 0.26130258, 0.27577711)


class Clip:
    """Both towers of a CLIP; features and text vectors have length 1."""

    kind = "clip"

    def __init__(self, folder: Path, name: str, device: str = "cpu") -> None:
        """Load the model `name` from a folder in Hugging Face's layout; raises WeightsMissing."""
        from transformers import CLIPModel, CLIPTokenizer

        self._model = load_hub_model(CLIPModel, folder, {"clip"}, WeightsMissing).to(device)
        text_config = self._model.config.text_config
        self._tokenizer = load_hub_tokenizer(CLIPTokenizer, folder, text_config.vocab_size, WeightsMissing)
        self._max_tokens = int(text_config.max_position_embeddings)
        self.name = _figure_name(name)
        self.key = f"clip-{FEATURES_VERSION}-{weights_sha256(folder)}"
        self.width = int(self._model.config.projection_dim)
        side = int(self._model.config.vision_config.image_size)
        self._preprocess = read_preprocessing(folder, side, CLIP_IMAGE_MEAN, CLIP_IMAGE_STD)
        self._device = device

    @torch.inference_mode()
    def features(self, pictures: UInt8Array) -> FloatArray:
        """Projected image vectors: uint8 (N, S, S, 3) → float32 (N, E)."""
        return features_in_batches(pictures, BATCH_SIZE, self.width, self._extract)

    @torch.inference_mode()
    def request_vectors(self, requests: Sequence[Request]) -> FloatArray:
        """Projected vectors of the prompts of M requests: float32 (M, E); zeros for an empty prompt."""
        prompts = list(dict.fromkeys(request.prompt for request in requests if request.prompt))
        by_prompt: dict[str, FloatArray] = {}
        for start in range(0, len(prompts), BATCH_SIZE):
            batch = prompts[start : start + BATCH_SIZE]
            by_prompt |= dict(zip(batch, self._encode(batch), strict=True))
        vectors = np.zeros((len(requests), self.width), np.float32)
        for row, request in enumerate(requests):
            if request.prompt:
                vectors[row] = by_prompt[request.prompt]
        return vectors

    def similarity(self, features: FloatArray, vectors: FloatArray) -> FloatArray:
        """Cosines: (N, E) and (N, C, E) → (N, C)."""
        cosines: FloatArray = np.einsum("nce,ne->nc", vectors, features)
        return cosines

    def _extract(self, pictures: UInt8Array) -> Tensor:
        images = self._preprocess(pictures, self._device)
        pooled = self._model.vision_model(pixel_values=images).pooler_output
        return F.normalize(self._model.visual_projection(pooled), dim=1)

    def _encode(self, prompts: Sequence[str]) -> FloatArray:
        tokens = self._tokenizer(
            list(prompts), padding=True, truncation=True, max_length=self._max_tokens, return_tensors="pt"
        ).to(self._device)
        text = self._model.text_model(input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"])
        vectors: FloatArray = F.normalize(self._model.text_projection(text.pooler_output), dim=1).cpu().numpy()
        return vectors


def load_clip_extractor(source: str | None, download: bool, device: str = "cpu") -> Clip:
    """Load OpenAI's ViT-B/32, or another CLIP, from a folder, the hub's cache or the hub; raises WeightsMissing."""
    model = find_hub_model(source or DEFAULT_CLIP, HUB_MODELS.values(), WeightsMissing)
    return Clip(fetch_hub_model(model, WeightsMissing, download), model.short_name, device)


def _figure_name(name: str) -> str:
    """A published CLIP by the id of the text encoder made from it, others by their own name."""
    known = {short_name(published): encoder_id for encoder_id, published in HUB_MODELS.items()}
    return known.get(name, f"clip-{name.removeprefix('clip-')}")
