"""Stages are timed as they will train, and a preset is fitted to the minutes there are."""

from pathlib import Path
from typing import Any

import pytest
import torch

from painting.errors import TrainingError
from painting.training import time_budget
from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.time_budget import (
    TRAINING_FRACTION,
    Throughput,
    describe_fit,
    fit_to_minutes,
    matrix_rate,
    measure_throughputs,
)

pytestmark = pytest.mark.slow

STAGES = ["classifier", "autoencoder", "prior", "distillation", "decoder_growth", "finetuning"]


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_budget, "TIMED_SECONDS", 0.0)
    monkeypatch.setattr(time_budget, "MATRIX_SIZE", 64)


def test_every_stage_is_timed_without_the_long_work_before_it(finished: Any, tmp_path: Path) -> None:
    throughputs = measure_throughputs(finished.recipe(), finished.stages)
    assert [each.stage for each in throughputs] == STAGES
    assert all(each.images_per_second > 0 and each.utilization > 0 for each in throughputs)
    assert [each.setup_seconds > 0 for each in throughputs] == [False, False, True, True, False, False]
    assert not list(tmp_path.glob("*.npy"))
    classifier = finished.networks.classifier.parameters()
    assert not any(weight.requires_grad for weight in classifier)  # as the stages after features train


def test_stages_are_timed_where_all_their_losses_take_part(finished: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, set[str]] = {}
    for stage in finished.stages:

        def step(key: Any, stage: Any = stage, before: Any = stage.step) -> Any:
            losses = before(key)
            seen.setdefault(stage.name, set()).update(losses)
            return losses

        monkeypatch.setattr(stage, "step", step)
    measure_throughputs(finished.recipe(), finished.stages)
    assert "discriminator_loss" in seen["autoencoder"] and "generator_loss" in seen["finetuning"]


def test_a_fitted_preset_lasts_the_minutes_given_with_its_stages_in_proportion(finished: Any) -> None:
    preset: LatentFlowPreset = finished.preset
    throughputs = [Throughput(name, 10.0 * (place + 1), 6.0 * place, 0.5) for place, name in enumerate(STAGES)]
    short, long = (fit_to_minutes(preset, throughputs, minutes).as_dict() for minutes in (10, 40))
    for values, minutes in ((short, 10), (long, 40)):
        seconds = sum(
            1000 * values[each.stage]["kimg"] / each.images_per_second + each.setup_seconds for each in throughputs
        )
        assert seconds == pytest.approx(60 * minutes * TRAINING_FRACTION, rel=0.01)
    assert short["autoencoder"]["kimg"] / short["classifier"]["kimg"] == pytest.approx(2, rel=0.01)
    prior, before = short["prior"], preset.prior
    assert prior["warmup_kimg"] / prior["kimg"] == pytest.approx(before.warmup_kimg / before.kimg, rel=0.01)
    assert short["distillation"]["pairs_kimg"] == 0.1 and short["prior"]["width"] == before.width


def test_only_the_stages_that_are_left_are_timed_and_fitted(finished: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for stage in finished.stages[:5]:
        monkeypatch.setattr(stage, "step", None)
    throughputs = measure_throughputs(finished.recipe(), finished.stages[5:])
    assert [each.stage for each in throughputs] == ["finetuning"]
    values, before = fit_to_minutes(finished.preset, throughputs, 10).as_dict(), finished.preset.as_dict()
    after = values.pop("finetuning")
    changed = {key for key, value in before.pop("finetuning").items() if after[key] != value}
    assert changed == {"kimg", "warmup_kimg", "ema_halflife_kimg"} and values == before


def test_minutes_that_setup_alone_takes_are_refused(finished: Any) -> None:
    throughputs = [Throughput(name, 10.0, 30.0, 0.5) for name in STAGES]
    with pytest.raises(TrainingError, match=r"2 minutes are too few: setup alone takes 3.0 here"):
        fit_to_minutes(finished.preset, throughputs, 2)


def test_the_plan_is_described_with_the_share_of_the_matrix_rate(finished: Any) -> None:
    throughputs = [Throughput(name, 10.0, 0.0, 0.25) for name in STAGES]
    sentence = describe_fit(finished.preset, throughputs, 22)
    assert sentence.startswith(
        "Fitted to 22 minutes: classifier 32 images at 10.0 images/s (25% of the device's matrix"
    )


def test_the_matrix_rate_is_a_count_of_operations_a_second() -> None:
    assert 1e6 < matrix_rate(torch.device("cpu")) < 1e14
