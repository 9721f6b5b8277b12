"""A step goes downhill, frozen networks stay; learning rates and EMAs at points where their values are known."""

import itertools

import pytest
import torch
from torch import nn

from painting.training.optim import (
    MAX_GRADIENT_NORM,
    constant_then_linear_lr,
    cosine_lr,
    ema_decay,
    frozen,
    optimizer_step,
    set_lr,
    update_ema,
)


def test_a_step_forgets_older_gradients_and_goes_downhill() -> None:
    weight = nn.Parameter(torch.tensor([3.0]))
    weight.grad = torch.tensor([1e6])
    optimizer_step(weight.square().sum(), torch.optim.SGD([weight], lr=0.1))
    assert float(weight.detach()) == pytest.approx(3 - 0.1 * 6)


def test_a_clipped_gradient_has_a_bounded_length() -> None:
    weight = nn.Parameter(torch.tensor([300.0, -400.0]))
    optimizer_step(0.5 * weight.square().sum(), torch.optim.SGD([weight], lr=1.0), clipped=[weight])
    assert (weight.detach() - torch.tensor([300.0, -400.0])).norm() == pytest.approx(MAX_GRADIENT_NORM, rel=1e-4)


def test_a_frozen_network_passes_gradients_on_and_takes_none() -> None:
    judge, picture = nn.Linear(2, 1), torch.ones(1, 2, requires_grad=True)
    with frozen(judge):
        logit = judge(picture)
    logit.sum().backward()
    assert picture.grad is not None and torch.equal(picture.grad, judge.weight)
    assert judge.weight.grad is None and judge.weight.requires_grad


def test_a_network_thaws_even_after_an_error() -> None:
    judge = nn.Linear(2, 1)
    with pytest.raises(KeyError), frozen(judge):
        raise KeyError
    assert judge.weight.requires_grad


@pytest.mark.parametrize(("images", "rate"), [(0, 2.0), (250, 1.7071068), (500, 1.0), (1000, 0.0), (2000, 0.0)])
def test_a_rate_falls_from_its_peak_to_zero_along_half_a_cosine(images: int, rate: float) -> None:
    assert cosine_lr(2.0, images, 1000) == pytest.approx(rate)


def test_a_warmup_climbs_linearly_from_above_zero_to_the_peak_without_a_jump() -> None:
    rates = [cosine_lr(1.0, images, 1000, warmup=100) for images in range(0, 200)]
    assert rates[0] == pytest.approx(1 / 101)
    assert rates[50] == pytest.approx(51 / 101)
    assert max(rates) == rates[100] == 1.0
    assert max(abs(b - a) for a, b in itertools.pairwise(rates)) < 0.01


def test_a_warmup_as_long_as_the_training_divides_by_nothing() -> None:
    assert cosine_lr(1.0, 99, 100, warmup=100) == pytest.approx(100 / 101)
    assert cosine_lr(1.0, 100, 100, warmup=100) == 1.0


def test_every_group_gets_the_rate() -> None:
    one, other = nn.Parameter(torch.zeros(1)), nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.AdamW([one])
    optimizer.add_param_group({"params": [other], "lr": 5.0})
    set_lr(optimizer, 0.25)
    assert [group["lr"] for group in optimizer.param_groups] == [0.25, 0.25]


@pytest.mark.parametrize("batch", [8, 25, 100])
def test_an_average_forgets_half_in_its_half_life_whatever_the_batch(batch: int) -> None:
    steps = 1000 // batch
    assert ema_decay(10**9, batch, halflife=1000) ** steps == pytest.approx(0.5)


def test_early_on_the_half_life_is_a_twentieth_of_the_images_so_far() -> None:
    assert ema_decay(400, batch=20, halflife=1000) == pytest.approx(0.5)
    assert ema_decay(20_000, batch=1000, halflife=1000) == pytest.approx(0.5)
    assert ema_decay(40_000, batch=1000, halflife=1000) == pytest.approx(0.5)


def test_the_first_step_takes_the_weights_as_they_are() -> None:
    assert ema_decay(0, batch=8, halflife=1000) == 0


def test_the_average_moves_towards_the_weights_and_the_weights_stay() -> None:
    average, network = nn.Linear(1, 1, bias=False), nn.Linear(1, 1, bias=False)
    nn.init.constant_(average.weight, 1.0)
    nn.init.constant_(network.weight, 5.0)
    update_ema(average, network, decay=0.75)
    assert (average.weight.item(), network.weight.item()) == (2.0, 5.0)
    update_ema(average, network, decay=0.0)
    assert average.weight.item() == 5.0


@pytest.mark.parametrize(("images", "share"), [(0, 1), (50, 1), (51, 0.98), (75, 0.5), (99, 0.02), (100, 0), (120, 0)])
def test_a_held_rate_stands_and_then_falls_to_zero_in_a_line(images: int, share: float) -> None:
    assert constant_then_linear_lr(3.0, images, 100, 0.5) == pytest.approx(3.0 * share)


def test_a_rate_that_is_held_to_the_end_never_falls() -> None:
    assert {constant_then_linear_lr(3.0, images, 100, 1.0) for images in range(100)} == {3.0}
