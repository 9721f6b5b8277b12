"""Sample grids are of always the same prompts and latents, in their places."""

import numpy as np
import torch
from torch import Tensor, nn

from painting.latents import latents as draw_latents
from painting.training.sample_grid import SampleGrid
from painting.training.stage import SAMPLE_COLUMNS, sample_sheet

EXAMPLES = torch.tensor([[10.0], [20.0], [30.0]])  # (P, E)


class Flat(nn.Module):
    """Pictures of 4 px whose red is the prompt's number and whose green is a level of the latent's."""

    def forward(self, latents: Tensor, text: Tensor) -> Tensor:
        green = (100 + 20 * latents[:, 0]).clamp(0, 255)
        colors = torch.stack([text[:, 0], green, torch.zeros(len(text))], 1)  # (N, 3)
        return colors.to(torch.uint8)[:, None, None, :].expand(-1, 4, 4, -1)


def greens() -> list[int]:
    latents = draw_latents(0, SAMPLE_COLUMNS, 2)
    return [int(np.clip(100 + 20 * latent[0], 0, 255)) for latent in latents]


def test_a_grid_has_a_row_a_prompt_and_a_column_a_seed() -> None:
    samples = SampleGrid(EXAMPLES, latent_size=2).paint(Flat())
    assert samples.shape == (3, 8, 4, 4, 3)
    grid = sample_sheet(samples)
    assert grid.shape == (3 * 6 - 2, 8 * 6 - 2, 3)
    assert grid[::6, 0, 0].tolist() == [10, 20, 30]
    for row in (0, 6, 12):
        assert grid[row, ::6, 1].tolist() == greens()


def test_a_grid_of_many_prompts_has_four_of_them_evenly_spaced() -> None:
    examples = torch.arange(16.0)[:, None]
    for count, reds in ((4, [0, 1, 2, 3]), (5, [0, 2, 4]), (16, [0, 4, 8, 12])):
        samples = SampleGrid(examples[:count], latent_size=2).paint(Flat())
        assert samples[:, 0, 0, 0, 0].tolist() == reds


def test_a_row_takes_the_prompts_in_turn_and_each_seed_once() -> None:
    row = SampleGrid(EXAMPLES, latent_size=2).row(Flat())
    assert row.shape == (8, 4, 4, 3)
    assert row[:, 0, 0, 0].tolist() == [10, 20, 30, 10, 20, 30, 10, 20]
    assert row[:, 0, 0, 1].tolist() == greens()
