"""Stages are timed as they will train, and a preset is fitted to the minutes there are."""

from pathlib import Path
from typing import Any

import pytest

from painting.errors import TrainingError
from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.time_budget import (
    TRAINING_FRACTION,
    Throughput,
    describe_fit,
    fit_to_minutes,
    measure_throughputs,
    stage_seconds,
)

pytestmark = pytest.mark.slow

STAGES = ["autoencoder", "prior", "finetuning"]


def test_every_stage_is_timed_without_the_long_work_before_it(finished: Any, tmp_path: Path) -> None:
    throughputs = measure_throughputs(finished.recipe(), finished.stages, 0.0, 0, tmp_path)
    assert [each.stage for each in throughputs] == STAGES
    assert all(each.images_per_second > 0 for each in throughputs)
    assert [each.other_seconds > 0 for each in throughputs] == [False, True, True]
    assert not list(tmp_path.glob("*.npy"))


def test_stages_are_timed_where_all_their_losses_take_part(
    finished: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: dict[str, set[str]] = {}
    for stage in finished.stages:

        def step(key: Any, stage: Any = stage, before: Any = stage.step) -> Any:
            losses = before(key)
            seen.setdefault(stage.name, set()).update(losses)
            return losses

        monkeypatch.setattr(stage, "step", step)
    measure_throughputs(finished.recipe(), finished.stages, 0.0, 0, tmp_path)
    assert seen["finetuning"] >= {"generator_loss", "frechet_distance", "diversity_loss", "discriminator_loss"}


def test_a_fitted_preset_lasts_the_minutes_given_with_its_stages_in_proportion(finished: Any) -> None:
    preset: LatentFlowPreset = finished.preset
    throughputs = [Throughput(name, 10.0 * (place + 1), 6.0 * place) for place, name in enumerate(STAGES)]
    short, long = (fit_to_minutes(preset, throughputs, minutes).as_dict() for minutes in (10, 40))
    for values, minutes in ((short, 10), (long, 40)):
        seconds = sum(
            1000 * values[each.stage]["kimg"] / each.images_per_second + each.other_seconds for each in throughputs
        )
        assert seconds == pytest.approx(60 * minutes * TRAINING_FRACTION, rel=0.01)
    assert short["autoencoder"]["kimg"] / short["prior"]["kimg"] == pytest.approx(1, rel=0.01)


LENGTHS = {"kimg"}
"""What minutes change of a stage; all that protects what it begins with stays as the preset has it."""


@pytest.mark.parametrize("minutes", [1, 10, 1000])
def test_minutes_change_how_long_a_stage_trains_and_nothing_that_protects_it(finished: Any, minutes: float) -> None:
    throughputs = [Throughput(name, 10.0, 0.0) for name in STAGES]
    fitted, before = fit_to_minutes(finished.preset, throughputs, minutes).as_dict(), finished.preset.as_dict()
    for stage in STAGES:
        changed = {key for key, value in before[stage].items() if fitted[stage][key] != value}
        assert changed <= LENGTHS, stage
    assert {key: value for key, value in fitted.items() if key not in STAGES} == {
        key: value for key, value in before.items() if key not in STAGES
    }


def test_only_the_stages_that_are_left_are_timed_and_fitted(
    finished: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for stage in finished.stages[:2]:
        monkeypatch.setattr(stage, "step", None)
    throughputs = measure_throughputs(finished.recipe(), finished.stages[2:], 0.0, 0, tmp_path)
    assert [each.stage for each in throughputs] == ["finetuning"]
    values, before = fit_to_minutes(finished.preset, throughputs, 10).as_dict(), finished.preset.as_dict()
    after = values.pop("finetuning")
    changed = {key for key, value in before.pop("finetuning").items() if after[key] != value}
    assert changed == {"kimg"} and values == before


@pytest.mark.parametrize(
    ("stages", "setup_seconds", "reserved_seconds", "is_warm_start", "minutes", "sufficient"),
    [
        (STAGES, 40.0, 0.0, False, 2, 3),  # setup takes longer: 3 · 40 s, and then half the lengths of 192 images
        (STAGES, 0.0, 0.0, False, 0.15, 1),  # the warm-up of fine-tuning, 32 of 64 images, takes half of it
        (STAGES[:2], 0.0, 0.0, False, 0.002, 1),  # without a warm-up it is the fiftieth of the preset that counts
        (STAGES[2:], 0.0, 600.0, True, 10, 11),  # other work takes them
    ],
)
def test_minutes_that_are_too_few_to_help_are_refused_with_the_number_that_helps(
    finished: Any,
    stages: list[str],
    setup_seconds: float,
    reserved_seconds: float,
    is_warm_start: bool,
    minutes: float,
    sufficient: int,
) -> None:
    throughputs = [Throughput(name, 10.0, setup_seconds) for name in stages]
    with pytest.raises(TrainingError, match=f"--minutes {minutes:g} is too few to help.* Take --minutes {sufficient} "):
        fit_to_minutes(finished.preset, throughputs, minutes, reserved_seconds, is_warm_start)
    fitted = fit_to_minutes(finished.preset, throughputs, sufficient, reserved_seconds, is_warm_start)
    for stage in stages:
        assert vars(fitted)[stage].kimg >= finished.preset.min_kimg(stage, is_warm_start)


@pytest.mark.parametrize(("max_seconds", "steps"), [(0.0, 1), (100.0, 3)])
def test_steps_that_last_are_few_and_each_is_reported(
    finished: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, max_seconds: float, steps: int
) -> None:
    monkeypatch.setattr("painting.training.time_budget.MAX_TRIAL_SECONDS", max_seconds)
    said: list[str] = []
    measure_throughputs(finished.recipe(), finished.stages[:1], 0.0, 0, tmp_path, lambda task, *_: said.append(task))
    assert said == ["trying some steps of autoencoder, to time the run"] * (1 + steps)


def test_snapshots_take_time_too(finished: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("painting.training.time_budget._snapshot_seconds", lambda recipe, stage, folder: 2.5)
    autoencoder, *_ = measure_throughputs(finished.recipe(), finished.stages, 0.0, 10, tmp_path)
    assert autoencoder.other_seconds == 25


def test_minutes_that_have_passed_are_left_out_and_said(finished: Any) -> None:
    throughputs = [Throughput(name, 10.0, 5.0) for name in STAGES]
    preset = fit_to_minutes(finished.preset, throughputs, 10, reserved_seconds=100)
    seconds = sum(stage_seconds(preset, throughputs).values())
    assert 100 + seconds == pytest.approx(60 * 10 * TRAINING_FRACTION, rel=0.01)
    sentence = describe_fit(preset, throughputs, 10, 100)
    assert sentence.startswith("Fitted to 10 min, of which 100 s have passed: autoencoder ")
    measured = preset.replaced(evaluate_every_kimg=1.0)
    assert describe_fit(measured, throughputs, 10, 100).endswith("images/s. Evaluations come on top.")


def test_the_seconds_of_a_stage_are_its_setup_and_its_images(finished: Any) -> None:
    throughputs = [Throughput("autoencoder", 8.0, 3.0), Throughput("prior", 16.0, 0.0)]
    assert stage_seconds(finished.preset, throughputs) == {"autoencoder": 11.0, "prior": 4.0}
