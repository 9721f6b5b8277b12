"""The student begins as the prior, comes nearer to where the guided flow leads, and then convinces a judge too."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from tests.training.running import snapshot
from torch import Tensor

from painting.training.batches import Selection
from painting.training.distillation_steps import DistillationStage
from painting.training.draws import Draw

Differing = Callable[[dict[str, Tensor], dict[str, Tensor]], list[str]]
STUDENT = {"student", "student_average"}


def test_the_student_begins_as_the_prior_s_average_and_it_alone_learns_of_pairs(
    finished: Any, differing: Differing
) -> None:
    stage = finished.stages[3]
    assert isinstance(stage, DistillationStage)
    stage.begin()
    before = snapshot(finished)
    assert set(stage.step(Draw(0, stage.name, 0))) == {"distillation_loss"}
    prior, student = finished.networks.prior_average, finished.networks.finished.student
    pairs = zip(prior.parameters(), student.parameters(), strict=True)
    far = max(float((a - b).detach().abs().max()) for a, b in pairs)
    assert 0 < far < 1e-2  # one step away
    for step in (1, 2, 3):
        stage.step(Draw(0, stage.name, step))
    assert {name.split("/")[1] for name in differing(before, snapshot(finished))} == STUDENT


def test_then_its_judge_learns_too_and_no_other_network(finished: Any, differing: Differing) -> None:
    stage = finished.stages[3]
    stage.begin()
    with torch.no_grad():  # while all logits are within the hinge's margins, it pulls the last bias both ways alike
        finished.networks.finished.latent_discriminator.outs[0].weight.mul_(50)
    before = snapshot(finished)
    for step in (4, 5):
        losses = stage.step(Draw(0, stage.name, step))
    assert set(losses) == {"distillation_loss", "latent_loss", "latent_discriminator_loss"}
    assert {name.split("/")[1] for name in differing(before, snapshot(finished))} == STUDENT | {"latent_discriminator"}
    for network in ("student", "latent_discriminator"):
        moved = [weight.grad is not None for name, weight in finished.networks.named[network].named_parameters()]
        assert sum(moved) >= len(moved) - 1  # a student is always told its text, and needs no vector for none


def test_photographs_latents_are_judged_beside_what_is_painted_of_noise_that_no_pair_has(
    finished: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, seen = finished.stages[3], {}
    stage.begin()
    in_noise = stage._in_noise

    def spied(latents: Tensor, text: Tensor, draw: Draw, whose: str) -> Any:
        seen[whose] = latents.detach()
        return in_noise(latents, text, draw, whose)

    monkeypatch.setattr(stage, "_in_noise", spied)
    stage.step(Draw(0, stage.name, 4))
    assert seen["painted"].shape == seen["real"].shape == (4, 2, 8, 8)
    kept = stage.store.latents(Selection(np.repeat(np.arange(24), 2), np.tile([False, True], 24)))  # all there are
    assert (seen["real"][:, None] == kept[None]).flatten(2).all(2).any(1).all()
    ends = stage.pairs.select(np.arange(stage.pairs.count)).ends
    assert not torch.isclose(seen["painted"][:, None], ends[None], atol=1e-2).flatten(2).all(2).any()


def test_a_judge_that_prefers_large_numbers_makes_the_student_paint_them(make_finished: Any) -> None:
    def size_of_what_is_painted(weight: float) -> float:
        run = make_finished()
        stage, networks = run.stages[3], run.networks.finished
        stage.settings = replace(stage.settings, adversarial_weight=weight)
        stage.begin()
        torch.nn.init.normal_(networks.student.out[-1].weight, std=0.1)  # a fresh prior stands still
        networks.latent_discriminator.forward = lambda maps, text: maps[-1].square().mean((1, 2, 3))[:, None]
        stage._train_discriminator = lambda real, painted, text: torch.zeros(())
        for step in range(40):
            stage.step(Draw(0, stage.name, step % 4 + 4))
        random = torch.Generator().manual_seed(0)
        noise, text = torch.randn(16, 128, generator=random), torch.randn(16, 5, generator=random)
        return float(networks.learner().follow(noise, text).detach().square().mean())

    assert size_of_what_is_painted(100.0) > 1.1 * size_of_what_is_painted(0.0)


def test_the_student_comes_nearer_to_the_ends(finished: Any) -> None:
    stage = finished.stages[3]
    stage.begin()
    losses = [float(stage.step(Draw(0, stage.name, step))["distillation_loss"]) for step in [0, *[1] * 30]]
    assert losses[30] < losses[10] < losses[1]


def test_what_it_shows_is_painted_at_half_size_with_the_autoencoder_s_decoder(finished: Any) -> None:
    stage = finished.stages[3]
    assert stage.pictures().shape == (3 * 18 - 2, 8 * 18 - 2, 3)  # a row a prompt, a column a seed, of 16 px
    row = stage.row()
    assert row.shape == (8, 16, 16, 3) and (row == stage.row()).all()
    assert row.dtype == np.uint8


def test_the_teacher_stays_as_it_is(finished: Any) -> None:
    noise, text = torch.randn(2, 128), torch.randn(2, 5)
    finished.stages[3].begin()
    before = finished.networks.teacher()(noise, text)
    for step in (0, 4):
        finished.stages[3].step(Draw(0, "distillation", step))
    assert torch.equal(before, finished.networks.teacher()(noise, text))
