"""The gate opens once a discriminator ranks real pictures above generated ones, and stays open."""

import pytest
import torch

from painting.training.adversarial import gate
from painting.training.adversarial.gate import DiscriminatorGate


@pytest.fixture(autouse=True)
def threshold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "MIN_RANKING_ACCURACY", 0.7)


def logits(*values: float) -> torch.Tensor:
    return torch.tensor(values)[:, None].expand(-1, 5)


RIGHT = logits(1, 2), logits(-1, 0)
CHANCE = logits(1, -1), logits(1, -1)
WRONG = logits(-1, -2), logits(0, 1)


@pytest.mark.parametrize(("logits", "opens"), [(RIGHT, True), (CHANCE, False), (WRONG, False)])
def test_it_opens_for_a_discriminator_that_ranks_right(logits: tuple[torch.Tensor, torch.Tensor], opens: bool) -> None:
    made = DiscriminatorGate()
    assert not made.is_open()
    for _ in range(50):
        made.observe(*logits)
    assert made.is_open() is opens


def test_one_lucky_batch_does_not_open_it() -> None:
    made = DiscriminatorGate()
    assert float(made.observe(*RIGHT)) == pytest.approx(0.55)
    assert not made.is_open()


def test_a_bias_of_all_logits_does_not_matter() -> None:
    made = DiscriminatorGate()
    for _ in range(50):
        made.observe(RIGHT[0] - 9, RIGHT[1] - 9)
    assert made.is_open()


def test_it_stays_open_when_the_generator_catches_up() -> None:
    made = DiscriminatorGate()
    for logits in (RIGHT, WRONG):
        for _ in range(50):
            made.observe(*logits)
    assert made.is_open()


def test_a_checkpoint_holds_whether_it_is_open() -> None:
    made, other = DiscriminatorGate(), DiscriminatorGate()
    made.open()
    other.load_state_dict(made.state_dict())
    assert other.is_open()
