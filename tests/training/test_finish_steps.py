"""The finish trains a decoder and both its judges, and no other network; a run stopped in it goes on exactly."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.training.running import run_until, snapshot
from torch import Tensor

from painting.training.draws import Draw
from painting.training.finish_steps import FinishStage
from painting.training.loop import Interrupted

Differing = Callable[[dict[str, Tensor], dict[str, Tensor]], list[str]]
PLAIN = {"half_l1", "full_l1", "half_perceptual", "full_perceptual"}
GAME = {"patch_loss", "feature_loss", "patch_discriminator_loss", "feature_discriminator_loss"}


def test_generator_and_discriminators_learn_and_no_other_network_changes(finished: Any, differing: Differing) -> None:
    stage, judging = finished.stages[4], finished.networks.finished
    assert isinstance(stage, FinishStage)
    with torch.no_grad():  # while all logits are within the hinge's margins, it pulls the last bias both ways alike
        judging.patch_discriminator[-1].weight.mul_(500)
        judging.feature_discriminator.outs[0].weight.mul_(50)
    before = snapshot(finished)
    stage.begin()
    assert set(stage.step(Draw(0, stage.name, 0))) == PLAIN
    judges = {"patch_discriminator", "feature_discriminator"}
    assert not judges & {name.split("/")[1] for name in differing(before, snapshot(finished))}
    for step in (4, 5):
        assert set(stage.step(Draw(0, stage.name, step))) == PLAIN | GAME
    learning = {"full_decoder", "full_decoder_average", *judges}
    assert {name.split("/")[1] for name in differing(before, snapshot(finished))} == learning
    assert not [
        name
        for network in ("full_decoder", *judges)
        for name, weight in finished.networks.named[network].named_parameters()
        if weight.grad is None or not weight.grad.any()
    ]


def test_until_the_game_begins_all_pictures_are_photographs_that_should_come_back(finished: Any) -> None:
    stage, seen = finished.stages[4], []
    finished.networks.encoder.register_forward_pre_hook(lambda network, given: seen.append(len(given[0])))
    stage.begin()
    for step in (3, 4):
        stage.step(Draw(0, stage.name, step))
    assert seen == [stage.batch, stage.batch // 2]


def test_half_of_what_is_judged_is_what_the_student_paints(finished: Any) -> None:
    stage, networks = finished.stages[4], finished.networks.finished
    stage.begin()
    begun, judged = copy.deepcopy(networks.decoder.state_dict()), []
    networks.patch_discriminator.register_forward_pre_hook(lambda network, seen: judged.append(seen[0].detach()))
    for bias in (0.0, 3.0):
        networks.decoder.load_state_dict(begun)
        networks.student_average.out[-1].bias.data.fill_(bias)
        stage.step(Draw(0, stage.name, 5))
    one, other = judged[0], judged[len(judged) // 2]  # the first that is judged in a step is what was made
    assert len(one) == stage.batch
    assert torch.equal(one[:4], other[:4]) and not torch.isclose(one[4:], other[4:]).all((1, 2, 3)).any()


def test_every_picture_that_is_judged_has_grain_of_its_own(finished: Any) -> None:
    stage, decoder = finished.stages[4], finished.networks.finished.decoder
    taken = []
    decoder.register_forward_pre_hook(lambda network, given: taken.append(given[1]))
    stage.begin()
    for step in (0, 1, 0):
        stage.step(Draw(0, stage.name, step))
    first, second, again = taken
    assert first.shape == (stage.batch, 1, 32, 32) and len(first.flatten(1).unique(dim=0)) == stage.batch
    assert torch.equal(first, again) and not torch.isclose(first, second).any(0).all()


def test_photographs_come_back_better_and_better(finished: Any) -> None:
    stage = finished.stages[4]
    stage.begin()
    losses = [float(stage.step(Draw(0, stage.name, 0))["half_l1"]) for _ in range(12)]
    assert losses[11] < losses[5] < losses[0]


def test_it_shows_and_paints_with_the_averages_at_full_size(finished: Any) -> None:
    networks, stage = finished.networks, finished.stages[4]
    sampler = networks.sampler()
    assert sampler.prior is networks.finished.student_average
    assert sampler.decoder is networks.finished.decoder_average
    assert sampler(torch.zeros(2, 128), torch.zeros(2, 5)).shape == (2, 32, 32, 3)
    assert stage.row().shape == (8, 32, 32, 3)
    assert stage.pictures().shape == (3 * 34 - 2, 8 * 34 - 2, 3)
    assert networks.painting_stage == 4


@pytest.mark.usefixtures("quick_records")
def test_a_run_stopped_in_its_distillation_and_finish_ends_with_the_very_weights_of_one_that_was_not(
    make_finished: Any, tmp_path: Path, differing: Differing
) -> None:
    straight = make_finished().recipe()
    run_until(straight, tmp_path / "straight")
    for stop in (23, 28, 31, 36):  # of 4 + 8 + 8 + 8 + 8 steps
        with pytest.raises(Interrupted):
            run_until(make_finished().recipe(), tmp_path / "stopped", stop)
    resumed = make_finished().recipe()
    run_until(resumed, tmp_path / "stopped")
    assert not differing(snapshot(straight), snapshot(resumed))
