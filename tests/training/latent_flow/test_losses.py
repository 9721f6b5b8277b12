"""Every objective has its known value where that can be worked out by hand."""

import pytest
import torch

from painting.training.latent_flow.losses import latent_moment_loss, linear_path, perceptual_loss


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
