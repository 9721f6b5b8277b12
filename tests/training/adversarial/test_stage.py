"""The skeleton of adversarial stages sets rates, waits for the warm-up, and moves the EMA by its half-life."""

import pytest
import torch

from painting.training.adversarial.gate import DiscriminatorGate
from painting.training.adversarial.stage import AdversarialStage
from painting.training.optim import ema_decay
from painting.training.rng import RngKey
from painting.training.stage import Losses


class RecordingStage(AdversarialStage):
    """Remembers its learning rates and decays; ten steps of four images, of which the first two are warm-up."""

    name = "recording"
    lr_decay_start = 0.5
    ema_halflife_kimg = 0.02
    warmup_images = 8

    def __init__(self) -> None:
        super().__init__(0.04, 4)
        self.optimizers = {
            name: torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=9.0)
            for name in ("generator", "discriminator")
        }
        self.peak_lr = {"generator": 1.0, "discriminator": 2.0}
        self.rates: list[list[float]] = []
        self.decays: list[float] = []

    def update_players(self, key: RngKey) -> Losses:
        self.rates.append([optimizer.param_groups[0]["lr"] for optimizer in self.optimizers.values()])
        return {"warm": torch.tensor(float(self.is_warmed_up(key)))}

    def update_ema(self, decay: float) -> None:
        self.decays.append(decay)

    def sample_grid(self) -> None:
        return None


@pytest.fixture
def stage() -> RecordingStage:
    return RecordingStage()


def test_each_player_has_its_own_rate_which_is_constant_and_then_falls_in_a_line(stage: RecordingStage) -> None:
    for step in range(10):
        stage.step(RngKey(0, stage.name, step))
    shares = [1] * 6 + [0.8, 0.6, 0.4, 0.2]
    assert [rates[0] for rates in stage.rates] == pytest.approx(shares)
    assert [rates[1] for rates in stage.rates] == pytest.approx([2 * share for share in shares])


def test_the_ema_moves_once_the_generator_learns_and_by_the_half_life(stage: RecordingStage) -> None:
    warm = [float(stage.step(RngKey(0, stage.name, step))["warm"]) for step in range(4)]
    assert warm == [0, 0, 1, 1]
    assert stage.decays == [ema_decay(8, 4, 20, shortest=8), ema_decay(12, 4, 20, shortest=8)]


def test_the_generator_stays_as_it_is_until_the_gate_opens(stage: RecordingStage) -> None:
    stage.gate = DiscriminatorGate()
    warm = []
    for step in range(5):
        if step == 4:
            stage.gate.open()
        warm.append(float(stage.step(RngKey(0, stage.name, step))["warm"]))
    assert warm == [0, 0, 0, 0, 1] and len(stage.decays) == 1


def test_a_stage_is_timed_with_both_players(stage: RecordingStage) -> None:
    stage.gate, stage.warmup_images = DiscriminatorGate(), 0
    assert stage.prepare_timing() == 0
    assert float(stage.step(RngKey(0, stage.name, 0))["warm"]) == 1


def test_without_a_warm_up_the_generator_learns_from_the_first_step(stage: RecordingStage) -> None:
    stage.warmup_images = 0
    assert float(stage.step(RngKey(0, stage.name, 0))["warm"]) == 1
