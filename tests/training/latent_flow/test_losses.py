"""Every objective has its known value where that can be worked out by hand."""

import math

import pytest
import torch

from painting.training.latent_flow.losses import (
    attribute_loss,
    latent_moment_loss,
    linear_path,
    perceptual_loss,
    pseudo_huber_loss,
)


def test_undecided_logits_cost_log_two_an_attribute() -> None:
    loss = attribute_loss(torch.zeros(4, 3), torch.randint(0, 2, (4, 3)).float())
    assert float(loss) == pytest.approx(3 * math.log(2))


def test_right_attributes_cost_nothing_and_wrong_ones_their_logit() -> None:
    logits, targets = torch.tensor([[50.0, -50.0]]), torch.tensor([[1.0, 0.0]])
    assert float(attribute_loss(logits, targets)) == pytest.approx(0)
    assert float(attribute_loss(logits, 1 - targets)) == pytest.approx(100)


def test_equal_features_are_no_distance_apart_and_doubled_ones_one() -> None:
    features = [torch.rand(2, 8, 4, 4) + 0.1, 100 * torch.rand(2, 16, 2, 2)]
    assert float(perceptual_loss(features, features)) == 0
    assert float(perceptual_loss([2 * maps for maps in features], features)) == pytest.approx(1)


def test_layers_weigh_the_same_however_large_their_values_are() -> None:
    wanted = [torch.ones(1, 1, 2, 2), 1000 * torch.ones(1, 1, 2, 2)]
    assert float(perceptual_loss([wanted[0] * 1.5, wanted[1]], wanted)) == pytest.approx(0.25)
    assert float(perceptual_loss([wanted[0], wanted[1] * 1.5], wanted)) == pytest.approx(0.25)


def test_another_number_of_layers_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zip"):
        perceptual_loss([torch.ones(1)], [torch.ones(1), torch.ones(1)])


def test_standardised_latents_cost_nothing() -> None:
    latents = torch.randn(8, 3, 8, 8)
    unit = (latents - latents.mean((0, 2, 3), keepdim=True)) / latents.std((0, 2, 3), keepdim=True)
    assert float(latent_moment_loss(unit)) == pytest.approx(0, abs=1e-10)
    assert float(latent_moment_loss(unit + 2)) == pytest.approx(4, rel=1e-5)
    assert float(latent_moment_loss(3 * unit)) == pytest.approx(4, rel=1e-5)


@pytest.mark.parametrize(
    ("difference", "loss"), [(0.0, 0.01), (1.0, math.sqrt(1.0001)), (100.0, math.sqrt(10000.0001))]
)
def test_a_distance_costs_its_root_mean_square_and_hardly_anything_at_nothing(difference: float, loss: float) -> None:
    latents = torch.randn(3, 2, 8, 8)
    assert float(pseudo_huber_loss(latents + difference, latents)) == pytest.approx(loss, rel=1e-4)


def test_a_pair_s_gradient_does_not_grow_with_its_distance() -> None:
    gradients = []
    for distance in (1.0, 100.0):
        latents = torch.full((1, 2, 8, 8), distance, requires_grad=True)
        (gradient,) = torch.autograd.grad(pseudo_huber_loss(latents, torch.zeros(1, 2, 8, 8)), latents)
        gradients.append(float(gradient.norm()))
    assert gradients[1] == pytest.approx(gradients[0], rel=1e-3)


def test_a_flow_starts_at_the_data_and_ends_at_the_noise() -> None:
    latents, noise = torch.randn(3, 2, 8, 8), torch.randn(3, 2, 8, 8)
    for time, end in ((0.0, latents), (1.0, noise)):
        point, velocity = linear_path(latents, noise, torch.full((3,), time))
        assert torch.equal(point, end)
        assert torch.equal(velocity, noise - latents)


def test_a_step_along_the_velocity_stays_on_the_line_and_each_picture_has_its_own_time() -> None:
    latents, noise = torch.randn(2, 2, 8, 8), torch.randn(2, 2, 8, 8)
    early, velocity = linear_path(latents, noise, torch.tensor([0.25, 0.5]))
    late, _ = linear_path(latents, noise, torch.tensor([0.5, 1.0]))
    torch.testing.assert_close(early + torch.tensor([0.25, 0.5]).view(2, 1, 1, 1) * velocity, late)
