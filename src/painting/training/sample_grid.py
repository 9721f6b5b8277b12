"""Sample grids of text-conditioned models: always the same example prompts and seeds."""

from abc import abstractmethod

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from painting.images import on_white
from painting.latents import latents as draw_latents
from painting.training.stage import SAMPLE_COLUMNS, Stage

GRID_PROMPTS = 4
"""Of the example prompts, in a grid: on one core a prior paints two pictures a second."""


class SampleGrid:
    """Paints samples from the example prompts' standardised text vectors (P, E) and fixed latents (8, Z)."""

    def __init__(self, examples: Tensor, latent_size: int) -> None:
        self.examples = examples  # (P, E)
        self.latents = draw_latents(0, SAMPLE_COLUMNS, latent_size)  # (8, Z)

    def paint(self, sampler: nn.Module) -> NDArray[np.uint8]:
        """Samples (P, 8, S, S, 3) of at most `GRID_PROMPTS` example prompts, each with each of eight seeds."""
        prompts = self.examples[:: -(-len(self.examples) // GRID_PROMPTS)]  # (P, E)
        text = prompts.repeat_interleave(SAMPLE_COLUMNS, dim=0)  # (8P, E)
        latents = np.tile(self.latents, (len(prompts), 1))  # (8P, Z)
        painted = _paint(sampler, latents, text)
        return painted.reshape(-1, SAMPLE_COLUMNS, *painted.shape[1:])

    def row(self, sampler: nn.Module) -> NDArray[np.uint8]:
        """Eight pictures (8, S, S, 3), each of another example prompt and another seed."""
        return _paint(sampler, self.latents, self.examples[np.arange(SAMPLE_COLUMNS) % len(self.examples)])


class SampledStage(Stage):
    """A stage whose sample grid is painted by a sampler from fixed prompts and seeds."""

    samples: SampleGrid

    @abstractmethod
    def sampler(self) -> nn.Module:
        """Latents float (N, Z) and standardised text vectors float (N, E) → pictures uint8 (N, S, S, 3), or RGBA."""

    def paint_samples(self) -> NDArray[np.uint8]:
        """Samples (P, 8, S, S, 3): a row of the grid for each example prompt, a column for each of eight seeds."""
        return self.samples.paint(self.sampler())

    def sample_row(self) -> NDArray[np.uint8]:
        """A picture of each of eight example prompts, each of another seed."""
        return self.samples.row(self.sampler())


@torch.no_grad()
def _paint(sampler: nn.Module, latents: NDArray[np.float32], text: Tensor) -> NDArray[np.uint8]:
    """Latents (N, Z) and standardised text vectors (N, E) → pictures on white (N, S, S, 3)."""
    pictures: Tensor = sampler(torch.from_numpy(latents).to(text.device), text)
    return on_white(pictures.cpu().numpy())
