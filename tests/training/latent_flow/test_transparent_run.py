"""The stages learn pictures with transparency: four channels in and out, and resumption to the bit."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from painting.training.rng import RngKey

pytestmark = pytest.mark.slow
Differing = Callable[[dict[str, Tensor], dict[str, Tensor]], list[str]]


@pytest.fixture
def transparent(make_finished: Any) -> Any:
    run = make_finished(alpha=True)
    for stage in run.stages:
        stage.setup()
    return run


@pytest.mark.parametrize("index", [0, 2], ids=["autoencoder", "finetuning"])
def test_each_step_moves_the_weights_of_every_channel(transparent: Any, index: int) -> None:
    stage, out = transparent.stages[index], transparent.networks.autoencoder.decoder.out[-1]
    stage.step(RngKey(0, stage.name, 4))  # fine-tuning begins from the EMAs at its first step
    before = out.weight.detach().clone()
    stage.step(RngKey(0, stage.name, 5))
    assert out.weight.shape[0] == 4 * 4  # subpixels of four channels
    assert (out.weight != before).flatten(1).any(1).all()


def test_samples_and_grids_are_laid_on_white(transparent: Any) -> None:
    for stage in transparent.stages:
        assert stage.sample_grid().shape[2] == 3 and stage.sample_row().shape[3] == 3


def test_the_painter_paints_rgba(transparent: Any) -> None:
    networks = transparent.networks
    text = torch.randn(2, 5, generator=torch.Generator().manual_seed(0))
    pixels = networks.sampler()(torch.randn(2, networks.latent_size), text)
    assert pixels.shape == (2, 16, 16, 4) and pixels.dtype == torch.uint8


@pytest.mark.parametrize("index", [0, 1, 2], ids=["autoencoder", "prior", "finetuning"])
def test_a_step_is_the_same_in_another_process(make_finished: Any, differing: Differing, index: int) -> None:
    states = []
    for _ in range(2):
        run = make_finished(alpha=True)
        stage = run.stages[index]
        stage.setup()
        stage.step(RngKey(0, stage.name, 4))
        network = run.networks.named["prior" if index == 1 else "autoencoder"]
        states.append(network.state_dict())
    assert differing(*states) == []
