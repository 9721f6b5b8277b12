"""What a run in training paints now, from prompts and seeds, as its painter file would."""

import copy
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from painting.data.picture_set import CaptionEncoder
from painting.images import FloatArray, UInt8Array
from painting.latents import latents_of
from painting.training.run.folder import DataFacts
from painting.training.stage import Networks

BATCH = 64


class RunPainter:
    """A copy of a run's sampler as it is now: painting with it changes nothing of the run.

    N pictures of side S, E numbers in a text vector.
    """

    def __init__(
        self, networks: Networks, facts: DataFacts, encoder: CaptionEncoder | None, device: torch.device
    ) -> None:
        self._sampler = copy.deepcopy(networks.sampler()).eval()
        self._latent_size, self._device, self._encoder = networks.latent_size, device, encoder
        self._mean, self._std = np.array(facts.caption_mean, np.float32), np.array(facts.caption_std, np.float32)

    @torch.inference_mode()
    def paint_arrays(self, prompts: Sequence[str], seeds: Sequence[int]) -> UInt8Array:
        """One picture for each prompt and seed: uint8 (N, S, S, 3); no prompts where the model takes none."""
        painted = []
        for start in range(0, len(seeds), BATCH):
            part = slice(start, start + BATCH)
            inputs = [latents_of(seeds[part], self._latent_size)]  # (N, Z)
            if self._encoder is not None:
                inputs.append(self._text_vectors(self._encoder, prompts[part]))  # (N, E)
            pictures: Tensor = self._sampler(*(torch.from_numpy(array).to(self._device) for array in inputs))
            painted.append(pictures.cpu().numpy())
        return np.concatenate(painted)

    def _text_vectors(self, encoder: CaptionEncoder, prompts: Sequence[str]) -> FloatArray:
        """Standardised, each different prompt encoded once: (N, E)."""
        different = list(dict.fromkeys(prompts))
        places = [different.index(prompt) for prompt in prompts]
        standardised: FloatArray = (encoder.encode(different)[places] - self._mean) / self._std
        return standardised
