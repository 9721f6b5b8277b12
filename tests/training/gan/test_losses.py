"""Every objective of the game has its known value where that can be worked out by hand."""

import math

import pytest
import torch
import torch.nn.functional as F

from painting.training.gan.losses import (
    NO_CLASS,
    class_accuracy,
    class_loss,
    fooling_loss,
    generated_loss,
    real_loss,
    wrong_caption_loss,
)

UNDECIDED = torch.zeros(4)
CLASSES = torch.tensor([0, 2, 1])
PERFECT = 20 * F.one_hot(CLASSES, 3).float()


def test_an_undecided_discriminator_pays_log_two_for_anything() -> None:
    for loss in (real_loss(UNDECIDED), generated_loss(UNDECIDED), fooling_loss(UNDECIDED)):
        assert float(loss) == pytest.approx(math.log(2))
    assert float(wrong_caption_loss(UNDECIDED, torch.ones(4, dtype=torch.bool))) == pytest.approx(math.log(2))


@pytest.mark.parametrize("logit", [-30.0, -2.0, 0.5, 30.0])
def test_losses_are_the_log_likelihoods_of_what_is_so(logit: float) -> None:
    logits, right = torch.tensor([logit], dtype=torch.float64), 1 / (1 + math.exp(-logit))
    assert float(real_loss(logits)) == pytest.approx(-math.log(right), rel=1e-6)
    assert float(fooling_loss(logits)) == pytest.approx(-math.log(right), rel=1e-6)
    assert float(generated_loss(logits)) == pytest.approx(-math.log(1 / (1 + math.exp(logit))), rel=1e-6)


def test_noisy_labels_are_cheapest_where_the_confidence_is_the_label() -> None:
    logits = torch.linspace(-4, 6, 1001, dtype=torch.float64)
    costs = [float(real_loss(logit[None], torch.tensor([0.8], dtype=torch.float64))) for logit in logits]
    assert float(logits[costs.index(min(costs))].sigmoid()) == pytest.approx(0.8, abs=2e-3)
    assert real_loss(torch.tensor([30.0]), torch.tensor([0.8])) > real_loss(torch.tensor([1.4]), torch.tensor([0.8]))


def test_wrong_captions_cost_and_captions_that_fit_by_chance_do_not() -> None:
    logits, wrong = torch.tensor([0.0, 50.0, 0.0]), torch.tensor([True, False, True])
    assert float(wrong_caption_loss(logits, wrong)) == pytest.approx(math.log(2))
    assert float(wrong_caption_loss(logits, torch.zeros(3, dtype=torch.bool))) == 0


def test_a_losing_generator_still_has_a_slope() -> None:
    logits = torch.full((1,), -20.0, requires_grad=True)
    (slope,) = torch.autograd.grad(fooling_loss(logits), logits)
    assert float(slope) == pytest.approx(-1, abs=1e-6)


def test_a_perfect_classifier_pays_nothing_an_undecided_one_log_k_and_a_wrong_one_its_logit() -> None:
    assert float(class_loss(PERFECT, CLASSES)) == pytest.approx(0, abs=1e-6)
    assert float(class_loss(torch.zeros(3, 3), CLASSES)) == pytest.approx(math.log(3))
    assert float(class_loss(PERFECT.roll(1, dims=1), CLASSES)) == pytest.approx(20, abs=1e-6)


def test_the_class_loss_of_the_thesis_did_not_punish_the_wrong_so() -> None:
    """Its arguments were swapped on a softmax: the prediction was weighed by the log-softmax of the one-hot class."""

    def swapped(logits: torch.Tensor) -> float:
        return float(-(logits.softmax(1) * F.one_hot(CLASSES, 3).float().log_softmax(1)).sum(1).mean())

    wrong = PERFECT.roll(1, dims=1)
    assert swapped(wrong) - swapped(PERFECT) == pytest.approx(1, abs=1e-6)  # however sure it is
    assert float(class_loss(wrong, CLASSES) - class_loss(PERFECT, CLASSES)) == pytest.approx(20, abs=1e-6)


def test_pictures_without_a_class_cost_nothing_and_do_not_count() -> None:
    classes = torch.tensor([0, NO_CLASS, 1])
    known = class_loss(PERFECT[[0, 2]], torch.tensor([0, 1]))
    assert float(class_loss(PERFECT, classes)) == pytest.approx(float(known), abs=1e-9)
    nobody = torch.full((3,), NO_CLASS)
    assert float(class_loss(PERFECT, nobody)) == 0
    assert float(class_accuracy(PERFECT, nobody)) == 0
    assert float(class_loss(torch.zeros(3, 0), nobody)) == 0


def test_accuracy_counts_the_right_ones_among_the_known() -> None:
    assert float(class_accuracy(PERFECT, CLASSES)) == 1
    assert float(class_accuracy(PERFECT, torch.tensor([0, 0, NO_CLASS]))) == 0.5


def test_golden_values_stay() -> None:
    logits = torch.tensor([-1.5, 0.25, 2.0])
    assert float(real_loss(logits)) == pytest.approx(0.801427, abs=1e-6)
    assert float(real_loss(logits, torch.tensor([0.7, 0.8, 0.9]))) == pytest.approx(0.734760, abs=1e-6)
    assert float(generated_loss(logits)) == pytest.approx(1.051427, abs=1e-6)
    two = torch.tensor([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]])
    assert float(class_loss(two, torch.tensor([1, 0]))) == pytest.approx(1.765126, abs=1e-6)
