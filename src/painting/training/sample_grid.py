"""Sample grids of text-conditioned models: always the same example prompts and seeds."""

from abc import abstractmethod

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from painting.images import grid
from painting.latents import latents as draw_latents
from painting.training.stage import Stage

SAMPLES_PER_ROW = 8


class SampleGrid:
    """Paints samples from the example prompts' standardised text vectors (P, E) and fixed latents (8, Z)."""

    def __init__(self, examples: Tensor, latent_size: int) -> None:
        self.examples = examples  # (P, E)
        self.latents = draw_latents(0, SAMPLES_PER_ROW, latent_size)  # (8, Z)

    def grid(self, sampler: nn.Module) -> NDArray[np.uint8]:
        """A picture (H, W, 3) with a row for each example prompt and a column for each of eight seeds."""
        text = self.examples.repeat_interleave(SAMPLES_PER_ROW, dim=0)  # (8P, E)
        latents = np.tile(self.latents, (len(self.examples), 1))  # (8P, Z)
        return grid(_paint(sampler, latents, text), SAMPLES_PER_ROW)

    def row(self, sampler: nn.Module) -> NDArray[np.uint8]:
        """Eight pictures (8, S, S, 3), each of another example prompt and another seed."""
        return _paint(sampler, self.latents, self.examples[np.arange(SAMPLES_PER_ROW) % len(self.examples)])


class SampledStage(Stage):
    """A stage whose sample grid is painted by a sampler from fixed prompts and seeds."""

    samples: SampleGrid

    @abstractmethod
    def sampler(self) -> nn.Module:
        """Latents float (N, Z) and standardised text vectors float (N, E) → pictures uint8 (N, S, S, 3)."""

    def sample_grid(self) -> NDArray[np.uint8]:
        """A row for each example prompt, a column for each of eight seeds."""
        return self.samples.grid(self.sampler())

    def sample_row(self) -> NDArray[np.uint8]:
        """A picture of each of eight example prompts, each of another seed."""
        return self.samples.row(self.sampler())


@torch.no_grad()
def _paint(sampler: nn.Module, latents: NDArray[np.float32], text: Tensor) -> NDArray[np.uint8]:
    """Latents (N, Z) and standardised text vectors (N, E) → pictures (N, S, S, 3)."""
    pictures: Tensor = sampler(torch.from_numpy(latents).to(text.device), text)
    return pictures.cpu().numpy()
