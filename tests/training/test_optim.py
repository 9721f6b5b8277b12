"""A step goes downhill, clipped where asked; a frozen network passes gradients on and takes none."""

import pytest
import torch
from torch import nn

from painting.training.optim import MAX_GRADIENT, descend, frozen


def test_a_step_forgets_older_gradients_and_goes_downhill() -> None:
    weight = nn.Parameter(torch.tensor([3.0]))
    weight.grad = torch.tensor([1e6])
    descend(weight.square().sum(), torch.optim.SGD([weight], lr=0.1))
    assert float(weight.detach()) == pytest.approx(3 - 0.1 * 6)


def test_a_clipped_gradient_has_a_bounded_length() -> None:
    weight = nn.Parameter(torch.tensor([300.0, -400.0]))
    descend(0.5 * weight.square().sum(), torch.optim.SGD([weight], lr=1.0), clipped=[weight])
    assert (weight.detach() - torch.tensor([300.0, -400.0])).norm() == pytest.approx(MAX_GRADIENT, rel=1e-4)


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
