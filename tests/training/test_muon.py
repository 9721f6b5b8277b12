"""Muon's steps: orthogonal whatever the gradient's scale and shape, as long as AdamW's, and downhill."""

import pytest
import torch
from torch import nn

from painting.training.muon import RELATIVE_STEP, Muon, orthogonalise
from painting.training.optim import cosine_lr, set_lr

LR = 0.01


@pytest.mark.parametrize("shape", [(4, 4), (8, 72), (72, 8), (64, 256), (1, 50)])
@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_a_matrix_of_any_shape_and_scale_becomes_orthogonal(shape: tuple[int, int], scale: float) -> None:
    generator = torch.Generator().manual_seed(1)
    matrix = torch.randn(shape, generator=generator) @ torch.diag(torch.linspace(0.1, 1, shape[1]))
    singular_values = torch.linalg.svdvals(orthogonalise(scale * matrix))
    assert len(singular_values) == min(shape)
    assert float(singular_values.min()) > 0.3
    assert float(singular_values.max()) < 1.25


def test_the_directions_of_a_matrix_are_kept() -> None:
    left, _ = torch.linalg.qr(torch.randn(6, 6, generator=torch.Generator().manual_seed(2)))
    right, _ = torch.linalg.qr(torch.randn(9, 6, generator=torch.Generator().manual_seed(3)))
    orthogonal = orthogonalise(left @ torch.diag(torch.linspace(1, 10, 6)) @ right.T)
    along = left.T @ orthogonal @ right  # the identity, about
    assert float(along.diagonal().min()) > 0.6
    assert float((along - along.diagonal().diag()).abs().max()) < 1e-4


@pytest.mark.parametrize("shape", [(32, 64), (64, 32), (32, 16, 3, 3)])
def test_a_step_is_as_long_as_adamws_for_matrices_and_convolutions(shape: tuple[int, ...]) -> None:
    weight = nn.Parameter(torch.zeros(shape))
    weight.grad = torch.randn(shape, generator=torch.Generator().manual_seed(4))
    Muon([weight], LR).step()
    rms = float(weight.detach().square().mean().sqrt())
    assert rms == pytest.approx(LR * RELATIVE_STEP, rel=0.3)


def test_a_weight_without_a_gradient_stays_and_a_zero_gradient_moves_by_the_decay() -> None:
    idle, still = nn.Parameter(torch.ones(2, 3)), nn.Parameter(torch.ones(2, 3))
    still.grad = torch.zeros(2, 3)
    Muon([idle, still], LR).step()
    assert torch.equal(idle.detach(), torch.ones(2, 3))
    assert torch.allclose(still.detach(), torch.ones(2, 3), atol=1e-3)
    assert float(still.detach().max()) < 1


def test_directions_of_small_gradients_learn_as_fast_as_those_of_large_ones() -> None:
    directions, _ = torch.linalg.qr(torch.randn(8, 8, generator=torch.Generator().manual_seed(5)))
    curvature = directions @ torch.diag(torch.logspace(0, -2, 8)) @ directions.T  # a hundred times as large along some
    target = torch.randn(8, 8, generator=torch.Generator().manual_seed(6))
    weight = nn.Parameter(torch.zeros(8, 8))
    muon = Muon([weight])
    for step in range(400):
        set_lr(muon, cosine_lr(6 * LR, step, 400))
        weight.grad = (weight.detach() - target) @ curvature
        muon.step()
    errors = ((weight.detach() - target) @ directions).norm(dim=0) / (target @ directions).norm(dim=0)
    assert float(errors.max()) < 0.1


def test_a_resumed_optimiser_goes_on_as_one_that_was_never_stopped() -> None:
    def steps(weight: nn.Parameter, muon: Muon, seeds: range) -> None:
        for seed in seeds:
            weight.grad = torch.randn(3, 5, generator=torch.Generator().manual_seed(seed))
            muon.step()

    straight = nn.Parameter(torch.ones(3, 5))
    steps(straight, Muon([straight], LR), range(6))
    stopped = nn.Parameter(torch.ones(3, 5))
    first = Muon([stopped], LR)
    steps(stopped, first, range(3))
    second = Muon([stopped], LR)
    second.load_state_dict(first.state_dict())
    steps(stopped, second, range(3, 6))
    assert torch.equal(straight, stopped)
