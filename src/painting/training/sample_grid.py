"""What a stage of a painter that takes prompts shows of its progress: always the same prompts and seeds."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from painting.images import grid
from painting.latents import latents as draw_latents

IN_A_ROW = 8


class SampleGrid:
    """Example prompts' standardised text vectors (P, E), and latents of size Z, to paint from."""

    def __init__(self, examples: Tensor, latent_size: int) -> None:
        self.examples, self.latents = examples, draw_latents(0, IN_A_ROW, latent_size)  # (8, Z)

    def grid(self, sampler: nn.Module) -> NDArray[np.uint8]:
        """A row for each example prompt, a column for each of eight seeds."""
        text = self.examples.repeat_interleave(IN_A_ROW, dim=0)  # (8P, E)
        return grid(_painted(sampler, np.tile(self.latents, (len(self.examples), 1)), text), IN_A_ROW)

    def row(self, sampler: nn.Module) -> NDArray[np.uint8]:
        """A picture (8, S, S, 3) of each of eight example prompts, every one of another seed."""
        return _painted(sampler, self.latents, self.examples[np.arange(IN_A_ROW) % len(self.examples)])


@torch.no_grad()
def _painted(sampler: nn.Module, noise: NDArray[np.float32], text: Tensor) -> NDArray[np.uint8]:
    """Latents (N, Z) and standardised text vectors (N, E) → pictures (N, S, S, 3)."""
    painted: Tensor = sampler(torch.from_numpy(noise).to(text.device), text)
    return painted.cpu().numpy()
