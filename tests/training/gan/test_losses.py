"""The auxiliary classifier's loss and accuracy have their known values where those can be worked out by hand."""

import math

import pytest
import torch
import torch.nn.functional as F

from painting.training.gan.losses import NO_CLASS, class_accuracy, class_loss

CLASSES = torch.tensor([0, 2, 1])
PERFECT = 20 * F.one_hot(CLASSES, 3).float()


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
    unknown = torch.full((3,), NO_CLASS)
    assert float(class_loss(PERFECT, unknown)) == 0
    assert float(class_accuracy(PERFECT, unknown)) == 0
    assert float(class_loss(torch.zeros(3, 0), unknown)) == 0


def test_accuracy_counts_the_right_ones_among_the_known() -> None:
    assert float(class_accuracy(PERFECT, CLASSES)) == 1
    assert float(class_accuracy(PERFECT, torch.tensor([0, 0, NO_CLASS]))) == 0.5


def test_the_golden_value_of_the_class_loss_stays() -> None:
    two = torch.tensor([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]])
    assert float(class_loss(two, torch.tensor([1, 0]))) == pytest.approx(1.765126, abs=1e-6)
