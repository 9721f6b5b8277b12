"""Every objective has its known value where that can be worked out by hand."""

import math

import pytest
import torch

from painting.training.latent_flow.losses import (
    adversarial_loss,
    attribute_loss,
    discriminator_loss,
    flow_point,
    latent_pull,
    perceptual_loss,
    wrong_caption_hinge,
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


def test_standardised_latents_are_not_pulled() -> None:
    latents = torch.randn(8, 3, 8, 8)
    unit = (latents - latents.mean((0, 2, 3), keepdim=True)) / latents.std((0, 2, 3), keepdim=True)
    assert float(latent_pull(unit)) == pytest.approx(0, abs=1e-10)
    assert float(latent_pull(unit + 2)) == pytest.approx(4, rel=1e-5)
    assert float(latent_pull(3 * unit)) == pytest.approx(4, rel=1e-5)


@pytest.mark.parametrize(
    ("real", "decoded", "loss"),
    [(1.0, -1.0, 0), (5.0, -5.0, 0), (0.0, 0.0, 2), (-1.0, -1.0, 2), (0.5, -0.5, 1), (1.0, 1.0, 2), (-2.0, 3.0, 7)],
)
def test_the_hinge_punishes_what_is_within_the_margin_or_on_the_wrong_side(
    real: float, decoded: float, loss: float
) -> None:
    assert float(discriminator_loss(torch.full((2, 1, 4, 4), real), torch.full((2, 1, 4, 4), decoded))) == loss


def test_wrong_captions_cost_what_their_logits_are_above_minus_one_and_right_ones_nothing() -> None:
    logits = torch.tensor([[1.0, -1.0], [5.0, 5.0], [-3.0, 0.0]])
    assert float(wrong_caption_hinge(logits, torch.tensor([True, False, True]))) == pytest.approx((1 + 0.5) / 2)
    assert float(wrong_caption_hinge(logits, torch.tensor([False] * 3))) == 0


def test_the_decoder_gains_as_its_logits_rise() -> None:
    assert float(adversarial_loss(torch.tensor([1.0, 2.0, 6.0]))) == -3


def test_a_flow_starts_at_the_data_and_ends_at_the_noise() -> None:
    latents, noise = torch.randn(3, 2, 8, 8), torch.randn(3, 2, 8, 8)
    for time, end in ((0.0, latents), (1.0, noise)):
        point, velocity = flow_point(latents, noise, torch.full((3,), time))
        assert torch.equal(point, end)
        assert torch.equal(velocity, noise - latents)


def test_a_step_along_the_velocity_stays_on_the_line_and_each_picture_has_its_own_time() -> None:
    latents, noise = torch.randn(2, 2, 8, 8), torch.randn(2, 2, 8, 8)
    early, velocity = flow_point(latents, noise, torch.tensor([0.25, 0.5]))
    late, _ = flow_point(latents, noise, torch.tensor([0.5, 1.0]))
    torch.testing.assert_close(early + torch.tensor([0.25, 0.5]).view(2, 1, 1, 1) * velocity, late)
