"""The Fréchet loss: its distance and its gradient are those of the closed form, and its moments follow."""

import numpy as np
import pytest
import torch
from torch import Tensor

from painting.evaluation.metrics.frechet import frechet_distance
from painting.training.latent_flow import frechet_loss
from painting.training.latent_flow.frechet_loss import FrechetLoss

FEATURES, COMPONENTS, COUNT = 12, 6, 4000


def drawn(seed: int, count: int = COUNT) -> Tensor:
    """Correlated features (N, F) around a mean of their own."""
    generator = torch.Generator().manual_seed(seed)
    mixing = torch.randn(FEATURES, FEATURES, generator=generator)
    return torch.randn(count, FEATURES, generator=generator) @ mixing + torch.randn(FEATURES, generator=generator)


@pytest.fixture
def loss() -> FrechetLoss:
    """Of real features drawn(0), before any generated ones."""
    made = FrechetLoss(FEATURES, COMPONENTS)
    made.measure_real(drawn(0))
    return made


def follow(loss: FrechetLoss, features: Tensor, batch: int = 40) -> None:
    for part in torch.split(features, batch):
        loss.observe(part)


def test_the_distance_is_that_of_the_principal_components(loss: FrechetLoss) -> None:
    follow(loss, drawn(1))
    expected = frechet_distance(
        *((x @ loss.components).numpy() for x in (drawn(0), drawn(1)[:3600]))
    )  # the last whole interval
    assert float(loss.distance) == pytest.approx(expected, rel=2e-3)


def test_the_components_are_those_of_the_largest_variance(loss: FrechetLoss) -> None:
    variances = np.linalg.eigvalsh(np.cov(drawn(0).numpy().T))[-COMPONENTS:]
    np.testing.assert_allclose((drawn(0) @ loss.components).var(0).numpy(), variances, rtol=1e-3)


def test_it_is_the_mean_squared_way_in_units_of_the_distance(loss: FrechetLoss) -> None:
    follow(loss, drawn(1))
    assert float(loss(drawn(1))) == pytest.approx(1.0, rel=0.02)


def test_its_gradient_is_that_of_the_distance(loss: FrechetLoss) -> None:
    fake = drawn(1, 3600)
    follow(loss, fake)
    moved = fake.clone().requires_grad_()
    loss(moved).backward()
    direction = drawn(2, 3600)  # of all features at once
    step = 1e-3
    real = (drawn(0) @ loss.components).numpy()
    moved_both_ways = ((fake + sign * step * direction) @ loss.components for sign in (1, -1))
    ahead, behind = (frechet_distance(real, features.numpy()) for features in moved_both_ways)
    slope = (ahead - behind) / (2 * step) / float(loss.distance)
    assert moved.grad is not None
    assert float((moved.grad * direction).sum()) == pytest.approx(slope, rel=0.02)


def test_following_its_gradient_brings_the_features_to_the_real_ones(
    loss: FrechetLoss, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frechet_loss, "WINDOW_IMAGES", 2000)
    matrix = torch.eye(FEATURES, requires_grad=True)
    shift = torch.zeros(FEATURES, requires_grad=True)
    optimizer = torch.optim.Adam([matrix, shift], 0.02)
    follow(loss, drawn(1))
    start = float(loss.distance)
    for step in range(600):
        fake = drawn(1).roll(40 * step, 0)[:200] @ matrix + shift
        loss.observe(fake.detach())
        optimizer.zero_grad()
        loss(fake).backward()
        optimizer.step()
    assert float(loss.distance) < 0.5 * start


@pytest.mark.parametrize("count", [3, COUNT])
def test_features_of_the_real_distribution_stay_where_they_are(count: int) -> None:
    """Also along components of 0.002 of the largest variance, and where few real ones leave some empty."""
    scales = torch.logspace(0, -3, FEATURES)
    loss = FrechetLoss(FEATURES, COMPONENTS)
    real = torch.randn(count, FEATURES, generator=torch.Generator().manual_seed(0)) * scales
    loss.measure_real(real)
    loss.mean.copy_(loss.real_mean)
    loss.second_moment.copy_(torch.cov((real @ loss.components).T) + torch.outer(loss.mean, loss.mean))
    loss._update_transport()
    assert abs(float(loss.distance)) < 1e-4
    offset = (real @ loss.components) - loss.mean
    torch.testing.assert_close(offset @ loss.transport, offset, atol=1e-3, rtol=0)


def test_without_moments_it_is_zero_and_has_a_gradient(loss: FrechetLoss) -> None:
    features = drawn(1, 4).requires_grad_()
    loss(features).backward()
    assert features.grad is not None and not features.grad.any()


def test_old_pictures_are_forgotten(loss: FrechetLoss, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frechet_loss, "WINDOW_IMAGES", 400)
    follow(loss, drawn(1) + 100)
    follow(loss, drawn(1))
    torch.testing.assert_close(loss.mean, drawn(1).mean(0) @ loss.components, atol=0.3, rtol=0.1)


def test_a_checkpoint_goes_on_where_it_was(loss: FrechetLoss) -> None:
    follow(loss, drawn(1, 1200))
    resumed = FrechetLoss(FEATURES, COMPONENTS)
    assert not resumed.is_measured()
    resumed.load_state_dict(loss.state_dict())
    assert resumed.is_measured()
    for each in (loss, resumed):
        follow(each, drawn(2, 1200))
    assert torch.equal(resumed(drawn(3, 8)), loss(drawn(3, 8)))


def test_mixed_precision_changes_nothing_of_it(loss: FrechetLoss) -> None:
    coarse = FrechetLoss(FEATURES, COMPONENTS)
    coarse.load_state_dict(loss.state_dict())
    observed, features = drawn(1), drawn(3, 8)
    follow(loss, observed)
    with torch.autocast("cpu", torch.bfloat16):
        follow(coarse, observed)
        found = coarse(features)
    assert found.dtype == torch.float32 and torch.equal(found, loss(features))
