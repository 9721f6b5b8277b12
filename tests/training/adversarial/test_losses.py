"""Adversarial losses have their known values where those can be worked out by hand."""

import math

import pytest
import torch

from painting.training.adversarial.losses import (
    bce_fake,
    bce_real,
    hinge_d,
    hinge_g,
    masked_mean,
    mismatched_bce,
    mismatched_hinge,
    nonsaturating_g,
)

UNDECIDED = torch.zeros(4)


@pytest.mark.parametrize(
    ("real", "fake", "loss"),
    [(1.0, -1.0, 0), (5.0, -5.0, 0), (0.0, 0.0, 2), (-1.0, -1.0, 2), (0.5, -0.5, 1), (1.0, 1.0, 2), (-2.0, 3.0, 7)],
)
def test_the_hinge_punishes_what_is_within_the_margin_or_on_the_wrong_side(
    real: float, fake: float, loss: float
) -> None:
    assert float(hinge_d(torch.full((2, 1, 4, 4), real), torch.full((2, 1, 4, 4), fake))) == loss


def test_the_generator_s_hinge_loss_falls_as_its_logits_rise() -> None:
    assert float(hinge_g(torch.tensor([1.0, 2.0, 6.0]))) == -3


def test_mismatched_captions_cost_what_their_logits_are_above_minus_one_and_matching_ones_nothing() -> None:
    logits = torch.tensor([[1.0, -1.0], [5.0, 5.0], [-3.0, 0.0]])
    assert float(mismatched_hinge(logits, torch.tensor([True, False, True]))) == pytest.approx((1 + 0.5) / 2)
    assert float(mismatched_hinge(logits, torch.tensor([False] * 3))) == 0


def test_an_undecided_discriminator_pays_log_two_for_anything() -> None:
    for loss in (bce_real(UNDECIDED), bce_fake(UNDECIDED), nonsaturating_g(UNDECIDED)):
        assert float(loss) == pytest.approx(math.log(2))
    assert float(mismatched_bce(UNDECIDED, torch.ones(4, dtype=torch.bool))) == pytest.approx(math.log(2))


@pytest.mark.parametrize("logit", [-30.0, -2.0, 0.5, 30.0])
def test_cross_entropies_are_the_log_likelihoods_of_what_is_so(logit: float) -> None:
    logits, right = torch.tensor([logit], dtype=torch.float64), 1 / (1 + math.exp(-logit))
    assert float(bce_real(logits)) == pytest.approx(-math.log(right), rel=1e-6)
    assert float(nonsaturating_g(logits)) == pytest.approx(-math.log(right), rel=1e-6)
    assert float(bce_fake(logits)) == pytest.approx(-math.log(1 / (1 + math.exp(logit))), rel=1e-6)


def test_noisy_labels_are_cheapest_where_the_confidence_is_the_label() -> None:
    logits = torch.linspace(-4, 6, 1001, dtype=torch.float64)
    costs = [float(bce_real(logit[None], torch.tensor([0.8], dtype=torch.float64))) for logit in logits]
    assert float(logits[costs.index(min(costs))].sigmoid()) == pytest.approx(0.8, abs=2e-3)
    assert bce_real(torch.tensor([30.0]), torch.tensor([0.8])) > bce_real(torch.tensor([1.4]), torch.tensor([0.8]))


def test_mismatched_captions_cost_and_captions_that_fit_by_chance_do_not() -> None:
    logits, is_mismatched = torch.tensor([0.0, 50.0, 0.0]), torch.tensor([True, False, True])
    assert float(mismatched_bce(logits, is_mismatched)) == pytest.approx(math.log(2))
    assert float(mismatched_bce(logits, torch.zeros(3, dtype=torch.bool))) == 0


def test_a_losing_generator_still_has_a_slope() -> None:
    logits = torch.full((1,), -20.0, requires_grad=True)
    (slope,) = torch.autograd.grad(nonsaturating_g(logits), logits)
    assert float(slope) == pytest.approx(-1, abs=1e-6)


def test_golden_values_of_cross_entropies_stay() -> None:
    logits = torch.tensor([-1.5, 0.25, 2.0])
    assert float(bce_real(logits)) == pytest.approx(0.801427, abs=1e-6)
    assert float(bce_real(logits, torch.tensor([0.7, 0.8, 0.9]))) == pytest.approx(0.734760, abs=1e-6)
    assert float(bce_fake(logits)) == pytest.approx(1.051427, abs=1e-6)


def test_a_masked_mean_counts_what_the_mask_keeps_and_is_nothing_where_it_keeps_nothing() -> None:
    values = torch.tensor([1.0, 2.0, 6.0])
    assert float(masked_mean(values, torch.tensor([True, False, True]))) == 3.5
    assert float(masked_mean(values, torch.tensor([False] * 3))) == 0


@pytest.mark.parametrize("loss", [bce_real, bce_fake, nonsaturating_g, hinge_g])
def test_logits_of_sixteen_bits_give_a_loss_of_thirty_two(loss: object) -> None:
    assert callable(loss)
    assert loss(torch.tensor([0.5, -2.0], dtype=torch.bfloat16)).isfinite()
    if loss is not bce_real:  # torch widens that one itself, under autocast
        assert loss(torch.tensor([0.5, -2.0], dtype=torch.bfloat16)).dtype == torch.float32
