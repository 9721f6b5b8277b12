"""The loop saves, stops, goes on exactly, and goes back where numbers stop being numbers."""

import errno
import signal
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.optim import AdamW

from painting.errors import TrainingError
from painting.models.autoencoder import LatentScale
from painting.progress import ProgressCallback
from painting.training import loop
from painting.training.loop import MAX_ROLLBACKS, Interrupted, Trainer
from painting.training.rng import RngKey
from painting.training.run.checkpoint import Position, TrainingState, load_position, load_tensors, save_checkpoint
from painting.training.run.folder import RunFolder
from painting.training.stage import Losses, Networks, Recipe, Stage

BATCH, STEPS, TICKS_OF_STAGE = 4, 12, 4  # ticks after 3, 6, 9 and 12 steps
pytestmark = pytest.mark.usefixtures("fast_logger")
CPU = torch.device("cpu")
Differing = Callable[[dict[str, Tensor], dict[str, Tensor]], list[str]]


class TwoWalkers(Networks):
    """A network for each of two stages, and what the second measures when it begins."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.named = {"first": nn.Linear(3, 3), "second": nn.Linear(3, 3), "scale": LatentScale(3)}

    def sampler(self) -> nn.Module:
        return self.named["second"]


class Walk(Stage):
    """Makes a network's output small; `event` may meddle with what a step gives."""

    total_images, batch = BATCH * STEPS - 1, BATCH  # the last batch goes beyond

    def __init__(self, name: str, networks: TwoWalkers) -> None:
        self.name, self.network, self.scale = name, networks.named[name], networks.named["scale"]
        self.optimizers = {name: AdamW(self.network.parameters(), lr=0.01, fused=True)}
        self.event: Callable[[RngKey, Tensor], Tensor] = lambda key, loss: loss

    def setup(self, report: ProgressCallback | None = None) -> None:
        if self.name == "second":
            self.scale.get_buffer("mean").fill_(7)

    def step(self, key: RngKey) -> Losses:
        x = torch.randn(BATCH, 3, generator=key.torch_generator("x", CPU)) - self.scale.get_buffer("mean").mean()
        loss = self.network(x).square().mean()
        self.optimizers[self.name].zero_grad()
        loss.backward()
        self.optimizers[self.name].step()
        return {"size": self.event(key, loss.detach())}

    def sample_grid(self) -> np.ndarray | None:
        return np.zeros((2, 2, 3), np.uint8) if self.name == "second" else None


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path)


@pytest.fixture
def trainer(run: RunFolder, display: Mock) -> Trainer:
    return fresh(run, display)


def fresh(run: RunFolder, display: Mock) -> Trainer:
    """As a new process makes it."""
    networks = TwoWalkers()
    stages: list[Stage] = [Walk("first", networks), Walk("second", networks)]
    return Trainer(Recipe(networks, stages, CPU), run, seed=1, ticks=TICKS_OF_STAGE, display=display)


def on_step(trainer: Trainer, stage: int, event: Callable[[RngKey, Tensor], Tensor]) -> None:
    walk = trainer.recipe.stages[stage]
    assert isinstance(walk, Walk)
    walk.event = event


def interrupt_after(display: Mock, steps: int) -> None:
    """Ctrl-C while the display shows a step."""

    def stepped(images: int) -> None:
        if display.stepped.call_count == steps:
            signal.raise_signal(signal.SIGINT)

    display.stepped.side_effect = stepped


def weights(trainer: Trainer) -> dict[str, Tensor]:
    return TrainingState(trainer.recipe.networks.named, {}).tensors()


def steps_reported(run: RunFolder) -> list[tuple[int, int]]:
    return [(line["stage_index"], line["step"]) for line in run.stats.read()]


def nan_at(step: int, times: int = 1) -> Callable[[RngKey, Tensor], Tensor]:
    """A loss of NaN at a step, until there were `times` roll-backs."""
    return lambda key, loss: loss * float("nan") if key.step == step and key.rollbacks < times else loss


TICKS = [(stage, step) for stage in (0, 1) for step in (3, 6, 9, 12)]


def test_a_run_goes_through_all_stages_and_reports_each_tick(trainer: Trainer, run: RunFolder, display: Mock) -> None:
    trainer.train()
    assert steps_reported(run) == TICKS
    assert [call.args for call in display.stage_started.call_args_list] == [(0, 0), (1, 0)]
    assert display.stepped.call_count == 2 * STEPS
    assert [call.args[0].images for call in display.ticked.call_args_list] == 2 * [12, 24, 36, 48]
    assert {call.args[0].total_images for call in display.ticked.call_args_list} == {48}
    grids = [f"second-000000.0{images}kimg.png" for images in ("00", 12, 24, 36, 48)]
    assert sorted(path.name for path in run.pictures.iterdir()) == grids
    assert not display.message.called


def test_the_first_tick_comes_after_few_images_however_long_the_stage_is(
    run: RunFolder, display: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "FIRST_TICK_IMAGES", 5)
    fresh(run, display).train()
    assert steps_reported(run) == [(stage, step) for stage in (0, 1) for step in (2, 3, 6, 9, 12)]


def test_reported_losses_are_means_since_the_last_tick(trainer: Trainer, run: RunFolder) -> None:
    on_step(trainer, 0, lambda key, loss: torch.tensor(float(key.step)))
    trainer.train()
    assert [line["size"] for line in run.stats.read()[:4]] == [1.0, 4.0, 7.0, 10.0]


def test_a_finished_run_has_nothing_left_to_do(trainer: Trainer, run: RunFolder, display: Mock) -> None:
    trainer.train()
    display.reset_mock()
    again = fresh(run, display)
    again.train()
    assert not display.stepped.called
    assert again.position.stage_index == 2 and again.position.seconds == trainer.position.seconds > 0


def test_training_changes_the_weights_of_both_stages(trainer: Trainer, differing: Differing) -> None:
    before = {name: tensor.clone() for name, tensor in weights(trainer).items()}
    trainer.train()
    assert len(differing(before, weights(trainer))) == 5  # two weights, two biases and the mean


@pytest.mark.parametrize("steps", [1, 3, 4, 9, 12, 13, 17, 23, 24])
def test_an_interrupted_run_is_saved_and_goes_on_bit_for_bit(
    tmp_path: Path, display: Mock, differing: Differing, steps: int
) -> None:
    straight = fresh(RunFolder(tmp_path), Mock(spec=loop.Display))
    straight.train()
    run = RunFolder(tmp_path / "stopped")
    run.path.mkdir()
    interrupt_after(display, steps)
    with pytest.raises(Interrupted):
        fresh(run, display).train()
    assert display.stepped.call_count == steps
    resumed = fresh(run, display)
    resumed.train()
    assert display.stepped.call_count == 2 * STEPS
    assert not differing(weights(straight), weights(resumed))
    stop = divmod(steps, STEPS) if steps % STEPS else (steps // STEPS - 1, STEPS)
    assert steps_reported(run) == sorted({*TICKS, stop})


def test_a_signal_in_the_middle_of_a_step_lets_the_step_finish(trainer: Trainer, run: RunFolder) -> None:
    def event(key: RngKey, loss: Tensor) -> Tensor:
        if key.step == 4:
            signal.raise_signal(signal.SIGTERM)
        return loss

    on_step(trainer, 0, event)
    with pytest.raises(Interrupted):
        trainer.train()
    found = load_position(run.checkpoints)
    assert found and (found[0].stage_index, found[0].step) == (0, 5)


def test_a_killed_run_does_the_steps_since_its_last_checkpoint_again(
    tmp_path: Path, run: RunFolder, display: Mock, differing: Differing
) -> None:
    straight = fresh(run, display)
    straight.train()
    killed = RunFolder(tmp_path / "killed")
    killed.path.mkdir()
    trainer = fresh(killed, display)
    on_step(trainer, 1, Mock(side_effect=[torch.tensor(1.0)] * 4 + [KeyboardInterrupt]))
    with pytest.raises(KeyboardInterrupt):
        trainer.train()
    killed.stats.add({"stage": "second", "stage_index": 1, "step": 4, "kimg": 0.016})  # logged, but not yet saved
    resumed = fresh(killed, display)
    resumed.train()
    assert not differing(weights(straight), weights(resumed))
    assert steps_reported(killed) == TICKS


@pytest.mark.parametrize("stage", [0, 1])
@pytest.mark.parametrize("step", [0, 4, 9])
def test_a_loss_that_is_not_a_number_sends_the_run_back_with_other_draws(
    trainer: Trainer, run: RunFolder, display: Mock, stage: int, step: int
) -> None:
    on_step(trainer, stage, nan_at(step))
    trainer.train()
    assert trainer.position.rollbacks == 1
    assert steps_reported(run) == TICKS
    display.message.assert_called_once()
    back = BATCH * (step // 3 * 3)
    message = f"NaN or infinite: back to {back} images of stage {['first', 'second'][stage]}, with other random numbers"
    assert message in display.message.call_args.args[0]
    begun = [call.args for call in display.stage_started.call_args_list]
    assert begun == sorted([(0, 0), (1, 0), (stage, back)])  # the bar goes back too
    assert all(tensor.isfinite().all() for tensor in weights(trainer).values())


def test_a_stage_that_is_sent_back_to_its_start_begins_again(trainer: Trainer) -> None:
    on_step(trainer, 1, nan_at(0))
    trainer.train()
    assert (weights(trainer)["network/scale/mean"] == 7).all()


def test_weights_that_are_not_numbers_are_noticed_though_the_loss_is_one(trainer: Trainer, display: Mock) -> None:
    network = trainer.recipe.networks.named["first"]

    def event(key: RngKey, loss: Tensor) -> Tensor:
        if key.step == 5 and key.rollbacks == 0:  # the last before a tick
            with torch.no_grad():
                network.get_parameter("bias")[1] = float("inf")
        return loss

    on_step(trainer, 0, event)
    trainer.train()
    assert "back to 12 images of stage first" in display.message.call_args.args[0]
    assert all(tensor.isfinite().all() for tensor in weights(trainer).values())


def test_after_three_roll_backs_in_a_row_the_run_gives_up_and_its_checkpoint_is_good(
    trainer: Trainer, run: RunFolder, display: Mock
) -> None:
    on_step(trainer, 0, nan_at(7, times=1000))
    with pytest.raises(TrainingError, match=r"stage first became NaN or infinite 4 times in a row.*learning_rate"):
        trainer.train()
    assert display.message.call_count == MAX_ROLLBACKS
    found = load_position(run.checkpoints)
    assert found and found[0].step == 6
    assert all(tensor.isfinite().all() for tensor in load_tensors(found[1], CPU).values())


def test_roll_backs_far_apart_do_not_add_up(trainer: Trainer, display: Mock) -> None:
    for stage in (0, 1):  # once in each of a stage's four ticks

        def event(key: RngKey, loss: Tensor, before: int = 4 * stage) -> Tensor:
            return loss * float("nan") if key.rollbacks == before + key.step // 3 else loss

        on_step(trainer, stage, event)
    trainer.train()
    assert display.message.call_count == trainer.position.rollbacks == 8


def test_an_interrupted_step_that_went_wrong_is_not_saved(trainer: Trainer, run: RunFolder, display: Mock) -> None:
    on_step(trainer, 0, nan_at(4))
    interrupt_after(display, 5)
    with pytest.raises(Interrupted):
        trainer.train()
    found = load_position(run.checkpoints)
    assert found and found[0].step == 3


def test_a_full_disk_is_reported_in_a_sentence(
    trainer: Trainer, run: RunFolder, display: Mock, monkeypatch: pytest.MonkeyPatch, differing: Differing
) -> None:
    def full_at_six(folder: Path, state: TrainingState, position: Position) -> Path:
        if position.step == 6:
            raise OSError(errno.ENOSPC, "No space left on device")
        return save_checkpoint(folder, state, position)

    with monkeypatch.context() as patch:
        patch.setattr(loop, "save_checkpoint", full_at_six)
        with pytest.raises(TrainingError, match=r"Could not write into .*No space left on device.*start the same"):
            trainer.train()
    found = load_position(run.checkpoints)
    assert found and found[0].step == 3
    resumed = fresh(run, display)
    resumed.train()
    assert steps_reported(run) == TICKS
