"""The time left is of the whole run: this stage by its own speed, later ones as they were measured before."""

import time
from unittest.mock import Mock

import pytest

from painting.training.run.time_left import TimeLeft
from painting.training.stage import Stage


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time in its only element."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def stage(name: str, images: int) -> Mock:
    made = Mock(spec=Stage, whole_images=images)
    made.name = name
    return made


STAGES = [stage("autoencoder", 1_000), stage("prior", 10_000), stage("finetuning", 2_000)]
SECONDS = {"autoencoder": 10.0, "prior": 100.0, "finetuning": 40.0}


def test_at_first_what_was_measured_before_counts(clock: list[float]) -> None:
    left = TimeLeft(STAGES, SECONDS)
    assert left.seconds() == 150
    left.start_stage(1, 5_000)
    assert left.seconds() == 50 + 40


def test_a_stage_s_own_speed_counts_as_soon_as_it_is_known(clock: list[float]) -> None:
    left = TimeLeft(STAGES, SECONDS)
    left.start_stage(1, 5_000)
    clock[0] = 4
    left.add(200)
    assert left.seconds() == 48 + 40
    clock[0] = 10
    left.add(300)  # 50 images a second, not 100
    assert left.seconds() == 4_500 / 50 + 40


def test_the_last_stage_needs_no_measurement(clock: list[float]) -> None:
    left = TimeLeft(STAGES, {})
    left.start_stage(2, 0)
    assert left.seconds() is None
    clock[0] = 20
    left.add(1_000)
    assert left.seconds() == 20


def test_without_a_measurement_of_a_later_stage_the_time_is_unknown(clock: list[float]) -> None:
    left = TimeLeft(STAGES, {"autoencoder": 10.0, "finetuning": 40.0})
    assert left.seconds() is None
    left.start_stage(2, 2_000)
    assert left.seconds() == 0
