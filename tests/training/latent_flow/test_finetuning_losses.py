"""Fine-tuning's generator minimises its weighted losses, of which those that reward variety can be left out."""

from dataclasses import replace
from typing import Any
from unittest.mock import Mock

import pytest
import torch
from torch import Tensor

from painting.training.latent_flow import adversarial_finetuning, frechet_loss
from painting.training.rng import RngKey

pytestmark = pytest.mark.slow
DISCRIMINATOR_LOSSES = {"discriminator_loss", "mismatched_caption_loss", "discriminator_accuracy"}
WARMUP = 4
"""The steps for which the discriminator learns alone."""


@pytest.mark.parametrize(("diversity_weight", "frechet_weight"), [(0.0, 0.5), (3.0, 0.5), (3.0, 4.0)])
def test_the_generator_s_loss_holds_the_weighted_diversity_and_frechet_losses(
    finished: Any, diversity_weight: float, frechet_weight: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = finished.stages[2]
    stage.settings = replace(stage.settings, diversity_weight=diversity_weight, frechet_weight=frechet_weight)
    minimised: list[Tensor] = []
    monkeypatch.setattr(
        adversarial_finetuning, "optimizer_step", lambda loss, *others, **more: minimised.append(loss.detach())
    )
    stage.setup()
    stage.reference_similarity = stage.reference_similarity - 3  # nothing is so unlike
    stage.frechet_loss.forward = Mock(return_value=torch.tensor(1.25))
    losses = stage.step(RngKey(0, stage.name, WARMUP))
    assert losses["diversity_loss"] > 0
    wanted = losses["generator_loss"] + diversity_weight * losses["diversity_loss"] + frechet_weight * 1.25
    torch.testing.assert_close(minimised[0], wanted)


def test_moments_are_those_of_real_and_generated_pictures_features(
    finished: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frechet_loss, "MAP_INTERVAL_IMAGES", 8)
    stage = finished.stages[2]
    stage.frechet_loss.measure_real = Mock(side_effect=stage.frechet_loss.measure_real)
    stage.setup()
    (real,) = stage.frechet_loss.measure_real.call_args.args
    assert real.shape == (16, 1280)
    # Alternately for generated and for real ones.
    stage.features.pooled = Mock(side_effect=[torch.full((8, 1280), value) for value in (1.0, 9.0, 3.0, 9.0)])
    losses = [stage.step(RngKey(0, stage.name, step)) for step in (WARMUP, WARMUP + 1)]
    torch.testing.assert_close(stage.frechet_loss.mean, torch.full((1280,), 2.0) @ stage.frechet_loss.components)
    assert 0 < losses[0]["frechet_distance"] != losses[1]["frechet_distance"]


def test_real_pictures_are_measured_once(finished: Any) -> None:
    stage = finished.stages[2]
    progress: list[tuple[int, int]] = []
    stage.setup(lambda done, of: progress.append((done, of)))
    assert progress == [(0, 16), (8, 16), (16, 16)]
    before = {name: tensor.clone() for name, tensor in stage.frechet_loss.state_dict().items()}
    progress.clear()
    stage.setup(lambda done, of: progress.append((done, of)))
    assert not progress
    assert all(torch.equal(before[name], tensor) for name, tensor in stage.frechet_loss.state_dict().items())


def test_without_a_weight_the_moments_are_never_measured(finished: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = finished.stages[2]
    stage.settings = replace(stage.settings, frechet_weight=0.0)
    for method in ("measure_real", "observe", "forward"):
        monkeypatch.setattr(stage.frechet_loss, method, Mock(side_effect=AssertionError))
    assert stage.prepare_timing() == 0.0
    stage.setup()
    losses = stage.step(RngKey(0, stage.name, WARMUP))
    assert set(losses) == {"generator_loss", "diversity_loss", *DISCRIMINATOR_LOSSES}
    assert not stage.frechet_loss.is_measured()


def test_it_is_foreseen_how_long_the_real_pictures_take(finished: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter([100.0, 104.0])  # half a second a picture, of a batch of 8
    monkeypatch.setattr(adversarial_finetuning, "perf_counter", lambda: next(seconds))
    assert finished.stages[2].prepare_timing() == 0.5 * 16


def test_without_a_reference_there_is_no_diversity_loss(finished: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adversarial_finetuning, "reference_similarity", lambda batches: None)
    stage = finished.stages[2]
    stage.setup()
    assert set(stage.step(RngKey(0, stage.name, WARMUP))) == {
        "generator_loss",
        "frechet_distance",
        *DISCRIMINATOR_LOSSES,
    }
