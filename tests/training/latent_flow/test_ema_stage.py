"""The skeleton of stages with one network sets the cosine rate, clips where a norm is set, and moves the EMA."""

import copy

import pytest
import torch
from torch import Tensor, nn

from painting.training.latent_flow.ema_stage import EmaStage
from painting.training.optim import MAX_GRADIENT_NORM, cosine_lr, ema_decay
from painting.training.rng import RngKey
from painting.training.sample_grid import SampleGrid
from painting.training.stage import Losses


class LinearStage(EmaStage):
    """Fits one linear layer to a thousand, in ten steps of four images."""

    name = "linear"
    peak_lr = 0.1
    warmup_images = 8
    ema_halflife_images = 12

    def __init__(self, clips_gradients: bool = False) -> None:
        super().__init__(0.04, 4)
        torch.manual_seed(0)
        self.linear = nn.Linear(1, 1)
        self.linear_ema = copy.deepcopy(self.linear).requires_grad_(False)
        self.clips_gradients = clips_gradients
        self.optimise(self.linear, self.linear_ema)
        self.samples = SampleGrid(torch.zeros(1, 1), 2)

    def compute_loss(self, key: RngKey) -> tuple[Tensor, Losses]:
        loss = (self.network(torch.ones(4, 1)) - 1000).square().mean()
        return loss, {"square": loss}

    def sampler(self) -> nn.Module:
        return self.ema


def test_rates_climb_and_fall_along_a_cosine_and_losses_are_detached() -> None:
    stage = LinearStage()
    for step in range(10):
        (loss,) = stage.step(RngKey(0, stage.name, step)).values()
        assert not loss.requires_grad
        rates = [optimizer.param_groups[0]["lr"] for optimizer in stage.optimizers.values()]
        assert rates == [cosine_lr(0.1, 4 * step, 40, 8)] * 2


def test_the_ema_is_a_mean_of_itself_and_the_network() -> None:
    stage = LinearStage()
    for step in range(3):
        before = stage.linear_ema.weight.clone()
        stage.step(RngKey(0, stage.name, step))
        decay = ema_decay(4 * step, 4, 12)
        torch.testing.assert_close(stage.linear_ema.weight, decay * before + (1 - decay) * stage.linear.weight)


@pytest.mark.parametrize("clips", [True, False])
def test_gradients_are_clipped_where_the_stage_says_so(clips: bool) -> None:
    stage = LinearStage(clips)
    stage.step(RngKey(0, stage.name, 0))
    norm = torch.stack([weight.grad.norm() for weight in stage.network.parameters() if weight.grad is not None]).norm()
    assert (float(norm) <= MAX_GRADIENT_NORM + 1e-4) == clips
