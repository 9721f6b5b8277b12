"""RunPainter: paints with the networks of a run in training, as its painter file would."""

import copy
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from painting.data.picture_set import CaptionEncoder
from painting.images import FloatArray, UInt8Array, on_white
from painting.latents import latents_of
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.stage import Networks

PAINT_BATCH_SIZE = 64


class RunPainter:
    """A copy of a run's sampler: painting with it does not affect the run. Pictures are laid on white.

    N pictures of side S, Z numbers in a latent, E in a text vector.
    """

    def __init__(
        self, networks: Networks, dataset: DatasetInfo, encoder: CaptionEncoder | None, device: torch.device
    ) -> None:
        self._sampler = copy.deepcopy(networks.sampler()).eval()
        self._latent_size = networks.latent_size
        self._device = device
        self._encoder = encoder
        self._dataset = dataset

    def paint_arrays(self, prompts: Sequence[str], seeds: Sequence[int]) -> UInt8Array:
        """One picture for each prompt and seed: uint8 (N, S, S, 3); no prompts where the model takes none."""
        text = None if self._encoder is None else self._text_vectors(self._encoder, prompts)
        return self.paint_text_vectors(text, seeds)

    @torch.inference_mode()
    def paint_text_vectors(self, text: FloatArray | None, seeds: Sequence[int]) -> UInt8Array:
        """One picture for each standardised text vector (N, E), None where the model takes none, and seed."""
        painted = []
        for start in range(0, len(seeds), PAINT_BATCH_SIZE):
            part = slice(start, start + PAINT_BATCH_SIZE)
            inputs = [latents_of(seeds[part], self._latent_size)]  # (N, Z)
            if text is not None:
                inputs.append(text[part])  # (N, E)
            pictures: Tensor = self._sampler(*(torch.from_numpy(array).to(self._device) for array in inputs))
            painted.append(on_white(pictures.cpu().numpy()))
        return np.concatenate(painted)

    def _text_vectors(self, encoder: CaptionEncoder, prompts: Sequence[str]) -> FloatArray:
        """Standardised text vectors (N, E); each different prompt is encoded once."""
        unique = list(dict.fromkeys(prompts))
        indices = [unique.index(prompt) for prompt in prompts]
        return self._dataset.standardise(encoder.encode(unique)[indices])
