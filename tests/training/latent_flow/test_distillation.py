"""The student begins as the prior and comes nearer to where the guided flow leads."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from tests.training.running import snapshot
from torch import Tensor

from painting.training.latent_flow.distillation import DistillationStage
from painting.training.rng import RngKey

Differing = Callable[[dict[str, Tensor], dict[str, Tensor]], list[str]]
STUDENT = {"student", "student_ema"}


def test_the_student_starts_as_the_prior_s_ema_and_no_other_network_learns(finished: Any, differing: Differing) -> None:
    stage = finished.stages[3]
    assert isinstance(stage, DistillationStage)
    stage.setup()
    before = snapshot(finished)
    assert set(stage.step(RngKey(0, stage.name, 0))) == {"distillation_loss"}
    prior, student = finished.networks.prior_ema, finished.networks.distilled.student
    pairs = zip(prior.parameters(), student.parameters(), strict=True)
    far = max(float((a - b).detach().abs().max()) for a, b in pairs)
    assert 0 < far < 1e-2  # one step away
    for step in (1, 5):
        assert set(stage.step(RngKey(0, stage.name, step))) == {"distillation_loss"}
    assert {name.split("/")[1] for name in differing(before, snapshot(finished))} == STUDENT
    weights = student.named_parameters()
    still = {name for name, weight in weights if weight.grad is None or not weight.grad.any()}
    assert still == {"null_emb"}  # it is always conditioned on its text


def test_the_student_s_loss_falls(finished: Any) -> None:
    stage = finished.stages[3]
    stage.setup()
    losses = [float(stage.step(RngKey(0, stage.name, step))["distillation_loss"]) for step in [0, *[1] * 30]]
    assert losses[30] < losses[10] < losses[1]


def test_samples_are_painted_at_half_size_with_the_autoencoder_s_decoder(finished: Any) -> None:
    stage = finished.stages[3]
    assert stage.sample_grid().shape == (3 * 18 - 2, 8 * 18 - 2, 3)  # a row a prompt, a column a seed, of 16 px
    row = stage.sample_row()
    assert row.shape == (8, 16, 16, 3) and (row == stage.sample_row()).all()
    assert row.dtype == np.uint8


def test_the_teacher_stays_as_it_is(finished: Any) -> None:
    noise, text = torch.randn(2, 128), torch.randn(2, 5)
    finished.stages[3].setup()
    before = finished.networks.teacher()(noise, text)
    for step in (0, 1):
        finished.stages[3].step(RngKey(0, "distillation", step))
    assert torch.equal(before, finished.networks.teacher()(noise, text))
