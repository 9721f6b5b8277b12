"""A run is fitted to minutes by timing the stages that it trains, in a folder that does not stay."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from painting.errors import TrainingError
from painting.training import run_length
from painting.training.config.overrides import Overrides
from painting.training.dataset.batches import TrainingData
from painting.training.run.folder import FIRST_STAGE_FIELD, RunInfo
from painting.training.run_length import scratch_minutes, timed

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_length, "TIMED_SECONDS", 0.0)


@pytest.fixture
def data(finite: Any, text_encoder_of_numbers: Any, tmp_path: Path) -> TrainingData:
    return TrainingData.of(finite, text_encoder_of_numbers, torch.device("cpu"), tmp_path)


def test_without_minutes_a_run_stays_as_long_as_its_preset(about: RunInfo, data: TrainingData) -> None:
    measured, sentence = timed(about, data, Overrides())
    assert sentence is None and replace(measured, stage_seconds=about.stage_seconds) == about
    assert list(measured.stage_seconds) == ["autoencoder", "prior"]


def test_minutes_scale_every_stage_of_a_run_from_random_weights(
    about: RunInfo, data: TrainingData, tmp_path: Path
) -> None:
    fitted, sentence = timed(about, data, Overrides(minutes=60))
    kimg = {stage: vars(fitted.preset)[stage].kimg for stage in ("autoencoder", "prior")}
    assert all(kimg[stage] > vars(about.preset)[stage].kimg for stage in kimg)
    assert sentence and sentence.count(" images/s") == 2
    assert not list(tmp_path.iterdir())


def test_a_warm_start_is_fitted_by_its_last_stage_alone(about: RunInfo, data: TrainingData) -> None:
    warm = replace(about, warm_start={"painter": "roses", FIRST_STAGE_FIELD: 1})
    fitted, sentence = timed(warm, data, Overrides(minutes=60))
    assert sentence and "prior" in sentence and "autoencoder" not in sentence
    assert vars(fitted.preset)["autoencoder"] == vars(about.preset)["autoencoder"]


def test_minutes_that_other_work_takes_are_too_few(about: RunInfo, data: TrainingData) -> None:
    with pytest.raises(TrainingError, match="--minutes 10 is too few to help"):
        timed(about, data, Overrides(minutes=10), reserved_seconds=600)


def test_from_random_weights_a_run_takes_its_preset_s_lengths(about: RunInfo, data: TrainingData) -> None:
    assert 0 < scratch_minutes(about, data) < 10
