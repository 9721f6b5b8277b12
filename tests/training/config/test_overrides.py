"""Overrides change what they name in a preset, and nothing else."""

from pathlib import Path
from typing import Any

import pytest

from painting.errors import TrainingError
from painting.training.config.base import Preset
from painting.training.config.overrides import Overrides
from painting.training.preset_loader import load_preset


def test_without_an_override_a_preset_stays_as_it_is(preset: Preset) -> None:
    assert Overrides().with_epochs(Overrides().applied_to(preset), 24) == preset
    assert Overrides(warm_start="roses").applied_to(preset) == preset  # it is for the run, not for the preset


def test_each_override_changes_its_own_field(preset: Preset) -> None:
    changed = Overrides.of(kimg=2.5, snapshots=0, seed=7, text_encoder="minilm-l6").applied_to(preset)
    values = preset.as_dict() | {"snapshots": 0, "seed": 7}
    values["prior"]["kimg"], values["data"]["text_encoder"] = 2.5, "minilm-l6"
    assert changed.as_dict() == values


@pytest.mark.parametrize(
    ("name", "table"), [("digits", "gan"), ("tac-gan", "gan"), ("shapes", "prior"), ("small", "finetuning")]
)
def test_epochs_are_passes_over_the_pictures_in_the_last_stage(name: str, table: str) -> None:
    preset = load_preset(name)
    changed = Overrides(epochs=12).with_epochs(preset, 10_000)
    values = preset.as_dict()
    values[table]["kimg"] = 120.0
    assert changed.as_dict() == values


def test_an_endless_set_has_no_epochs(preset: Preset) -> None:
    with pytest.raises(TrainingError, match="tiny draws endless pictures, which make no epoch: take --kimg"):
        Overrides(epochs=1).with_epochs(preset, "endless")
    assert Overrides(kimg=1.0).with_epochs(preset, "endless") == preset


@pytest.mark.parametrize(
    ("name", "options", "ticks", "snapshots"),
    [
        ("small", {"minutes": 60.0}, 10, 10),
        ("small", {"minutes": 600.0}, 100, 10),
        ("small", {"minutes": 10.0}, 4, 4),
        ("small", {"minutes": 20.0}, 4, 4),
        ("small", {"minutes": 60.0, "ticks": 7, "snapshots": 12}, 7, 12),
        ("digits", {"minutes": 20.0}, 10, 10),
        ("small", {}, 60, 10),
    ],
)
def test_a_run_that_is_fitted_to_minutes_has_a_tick_in_about_two_of_them(
    name: str, options: dict[str, Any], ticks: int, snapshots: int
) -> None:
    preset = Overrides.of(**options).with_ticks(load_preset(name))
    assert (preset.ticks, preset.snapshots) == (ticks, snapshots)


def test_the_last_stage_alone_has_all_ticks() -> None:
    assert Overrides(minutes=30.0).with_ticks(load_preset("small"), first_stage=2).ticks == 15


def test_two_lengths_are_one_too_many(preset: Preset) -> None:
    with pytest.raises(TrainingError, match="--kimg and --epochs say how long to train: leave all but one"):
        Overrides(kimg=1.0, epochs=1).applied_to(preset)


def test_an_override_that_does_not_fit_is_refused(preset: Preset) -> None:
    with pytest.raises(TrainingError, match="digits have no captions"):
        Overrides(text_encoder="minilm-l6").applied_to(load_preset("digits"))
    with pytest.raises(TrainingError, match=r"preset.snapshots must not be negative"):
        Overrides.of(snapshots=-1).applied_to(preset)


def test_a_text_encoder_s_path_holds_from_anywhere(
    preset: Preset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("mine", "minilm-l6", "mine.zip"):
        (tmp_path / name).mkdir()
    paths = {name: str(tmp_path / name) for name in ("mine", "./mine", "mine.zip", "./minilm-l6")}
    names = {name: name for name in ("minilm-l6", "./not-there", 300 * "x")}
    for given, expected in (paths | names).items():
        assert Overrides(text_encoder=given).applied_to(preset).data.text_encoder == expected
