"""CLIP as a judge: pictures and prompts in one space (Radford et al. 2021). N pictures, S side in px, E width."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from painting.evaluation.extractors.base import Kind, WeightsMissing
from painting.evaluation.extractors.batched import features_in_batches
from painting.evaluation.extractors.hub import HubModel, find_folder, load_model, plain_name, preparation, weights_hash
from painting.evaluation.prompts import Request
from painting.images import FloatArray, UInt8Array
from painting.text.catalog import SOURCES

VERSION = 1
"""Raised whenever the same weights would give other features."""
BATCH = 32
ENCODER = "clip-vit-b32"
MODEL = HubModel(SOURCES[ENCODER], ("tokenizer*.json", "vocab.json", "merges.txt", "special_tokens_map.json"))
VOCABULARIES = ({"tokenizer.json"}, {"vocab.json", "merges.txt"})
MEAN, STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)  # of CLIP's own training


class Clip:
    """Both towers of a CLIP; features and text vectors have length 1."""

    kind: Kind = "clip"

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        """Load it from a folder in Hugging Face's layout; raises WeightsMissing."""
        from transformers import CLIPModel, CLIPTokenizer

        self._model = load_model(CLIPModel, folder).to(device)
        # Without its files transformers makes up a tokenizer of three tokens.
        if not any(all((folder / name).is_file() for name in names) for names in VOCABULARIES):
            raise WeightsMissing(
                f"{folder} holds no tokenizer: tokenizer.json, or vocab.json and merges.txt, is needed"
            )
        try:
            self._tokenizer = CLIPTokenizer.from_pretrained(folder, local_files_only=True)
        except Exception as problem:  # transformers and tokenizers share no base but Exception
            raise WeightsMissing(f"the tokenizer in {folder} cannot be read; fetch it again") from problem
        name = plain_name(folder)
        known = {model.rpartition("/")[2]: encoder for encoder, model in SOURCES.items()}
        self.name = known.get(name, f"clip-{name.removeprefix('clip-')}")
        self.key = f"clip-{VERSION}-{weights_hash(folder)}"
        self.width = int(self._model.config.projection_dim)
        self._prepared = preparation(folder, int(self._model.config.vision_config.image_size), MEAN, STD)
        self._longest = int(self._model.config.text_config.max_position_embeddings)
        self._device = device

    @torch.inference_mode()
    def features(self, pictures: UInt8Array) -> FloatArray:
        """The projected vectors of pictures: uint8 (N, S, S, 3) → float32 (N, E)."""
        return features_in_batches(pictures, BATCH, self.width, self._seen)

    @torch.inference_mode()
    def request_vectors(self, requests: Sequence[Request]) -> FloatArray:
        """The projected vectors of prompts: M → float32 (M, E); zeros for an empty prompt."""
        vectors = np.zeros((len(requests), self.width), np.float32)
        of_prompt = {request.prompt: None for request in requests if request.prompt}
        prompts = list(of_prompt)
        known: dict[str, FloatArray] = {}
        for start in range(0, len(prompts), BATCH):
            some = prompts[start : start + BATCH]
            known |= dict(zip(some, self._encoded(some), strict=True))
        for row, request in enumerate(requests):
            if request.prompt:
                vectors[row] = known[request.prompt]
        return vectors

    def similarity(self, features: FloatArray, vectors: FloatArray) -> FloatArray:
        """Cosines: (N, E) and (N, C, E) → (N, C)."""
        fits: FloatArray = np.einsum("nce,ne->nc", vectors, features)
        return fits

    def _seen(self, pictures: UInt8Array) -> Tensor:
        seen = self._prepared.prepare(pictures, self._device)
        pooled = self._model.vision_model(pixel_values=seen).pooler_output
        return F.normalize(self._model.visual_projection(pooled), dim=1)

    def _encoded(self, prompts: Sequence[str]) -> FloatArray:
        tokens = self._tokenizer(
            list(prompts), padding=True, truncation=True, max_length=self._longest, return_tensors="pt"
        ).to(self._device)
        asked = self._model.text_model(input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"])
        vectors: FloatArray = F.normalize(self._model.text_projection(asked.pooler_output), dim=1).cpu().numpy()
        return vectors


def load_clip_judge(given: str | None, download: bool, device: str = "cpu") -> Clip:
    """OpenAI's ViT-B/32, or another CLIP, from a folder, the hub's cache or the hub; raises WeightsMissing."""
    return Clip(find_folder(MODEL, given, download), device)
