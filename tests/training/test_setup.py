"""A run starts with the settings given, goes on only with what it started with, and says what does not fit."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import torch
from tests.training.running import replace_preparation

from painting.data.picture_set import PictureSet
from painting.errors import TrainingError
from painting.training import setup
from painting.training.config.base import Preset
from painting.training.config.overrides import Overrides
from painting.training.dataset import picture_source
from painting.training.preset_loader import load_preset
from painting.training.run.folder import RunFolder
from painting.training.setup import open_run, resume_run, start_run

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def prepared(monkeypatch: pytest.MonkeyPatch, finite: PictureSet, text_encoder_of_numbers: Any) -> Mock:
    return replace_preparation(monkeypatch, finite, text_encoder_of_numbers)


@pytest.fixture
def tiny_toml(preset: Preset, monkeypatch: pytest.MonkeyPatch) -> str:
    """A preset file's name, read as the tiny preset."""
    monkeypatch.setattr(setup, "load_preset", lambda name: preset)
    return "tiny.toml"


@pytest.fixture
def shapes(preset: Preset) -> Preset:
    return replace(preset, data=replace(preset.data, source="shapes"))


def test_a_new_run_writes_down_what_it_is_before_it_trains(tmp_path: Path, preset: Preset) -> None:
    opened = start_run(tmp_path / "run", preset, tmp_path, CPU)
    about = RunFolder(tmp_path / "run").info()
    assert about == opened.info
    assert about.preset == preset and about.source == str(tmp_path)
    assert about.environment["device"] == "cpu" and about.environment["torch"] == torch.__version__
    assert [stage.name for stage in opened.recipe.stages] == ["autoencoder", "prior"]


def test_a_new_run_keeps_real_pictures_and_one_that_goes_on_makes_up_for_them(tmp_path: Path, preset: Preset) -> None:
    real = RunFolder(tmp_path / "run").saved / "real.png"
    start_run(tmp_path / "run", preset, tmp_path, CPU)
    content = real.read_bytes()
    real.unlink()
    resume_run(tmp_path / "run", None, CPU)
    assert real.read_bytes() == content


def test_overrides_are_written_down_with_the_preset(tmp_path: Path, preset: Preset) -> None:
    start_run(tmp_path / "run", preset, tmp_path, CPU, overrides=Overrides.of(epochs=10, seed=9))
    kept = RunFolder(tmp_path / "run").info().preset
    assert kept.seed == 9 and kept.as_dict()["prior"]["kimg"] == 0.24


@pytest.mark.parametrize("synonyms", [False, True])
def test_a_folder_is_prepared_as_the_preset_says(
    tmp_path: Path, preset: Preset, prepared: Mock, synonyms: bool
) -> None:
    start_run(tmp_path / "run", replace(preset, data=replace(preset.data, synonyms=synonyms)), tmp_path, CPU)
    resume_run(tmp_path / "run", None, CPU)
    assert prepared.call_count == 2
    for call in prepared.call_args_list:
        assert call.args[0].folder == tmp_path and call.args[1:3] == (16, 1)
        assert call.kwargs["synonyms"] is synonyms


def test_a_run_is_resumed_from_where_its_pictures_were_or_have_moved_to(
    tmp_path: Path, preset: Preset, prepared: Mock
) -> None:
    start_run(tmp_path / "run", preset, tmp_path, CPU)
    opened = resume_run(tmp_path / "run", None, CPU)
    assert opened.info.preset == preset
    assert prepared.call_args.args[0].folder == tmp_path
    resume_run(tmp_path / "run", tmp_path / "moved", CPU)
    assert prepared.call_args.args[0].folder == tmp_path / "moved"


def test_a_run_does_not_go_on_with_other_pictures(
    tmp_path: Path, preset: Preset, finite: PictureSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_run(tmp_path / "run", preset, tmp_path, CPU)
    monkeypatch.setattr(finite, "content_hash", "others")
    with pytest.raises(TrainingError, match=r"pictures or captions have changed since .*run started"):
        resume_run(tmp_path / "run", None, CPU)


def test_resuming_what_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="is not a run"):
        resume_run(tmp_path, None, CPU)


def test_a_new_run_is_not_made_over_something_else(tmp_path: Path, preset: Preset) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(TrainingError, match="exists and is not a run"):
        start_run(tmp_path, preset, tmp_path, CPU)


def test_drawn_shapes_need_no_folder(tmp_path: Path, shapes: Preset, endless: PictureSet, prepared: Mock) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(picture_source, "Shapes", Mock(return_value=endless))
        assert start_run(tmp_path / "run", shapes, None, CPU).info.source is None
        assert resume_run(tmp_path / "run", None, CPU).info.source is None
    assert not prepared.called


def test_drawn_shapes_with_a_folder_are_refused(tmp_path: Path, shapes: Preset) -> None:
    with pytest.raises(TrainingError, match=r"tiny draws its own pictures: leave out .*flowers"):
        start_run(tmp_path / "run", shapes, tmp_path / "flowers", CPU)
    assert not (tmp_path / "run").exists()


def test_digits_come_with_the_package_and_another_folder_s_must_have_their_size(tmp_path: Path) -> None:
    opened = start_run(tmp_path / "run", load_preset("digits"), None, CPU)
    assert opened.info.dataset.summary["pictures"] == 10_000
    with (
        pytest.MonkeyPatch.context() as patch,
        pytest.raises(TrainingError, match=r"takes pictures of 28 px; .* have 32"),
    ):
        patch.setattr(picture_source, "Digits", Mock(return_value=Mock(size=32)))
        start_run(tmp_path / "other", load_preset("digits"), tmp_path, CPU)


def test_a_preset_for_folders_without_one_is_refused(tmp_path: Path, preset: Preset) -> None:
    with pytest.raises(TrainingError, match="tiny needs a captioned folder: painting train FOLDER"):
        start_run(tmp_path / "run", preset, None, CPU)
    assert not (tmp_path / "run").exists()


def test_networks_of_a_resumed_run_are_those_it_began_with(
    tmp_path: Path, preset: Preset, differing: Callable[[dict[str, Any], dict[str, Any]], list[str]]
) -> None:
    begun = start_run(tmp_path / "run", preset, tmp_path, CPU).recipe.networks.named
    resumed = resume_run(tmp_path / "run", None, CPU).recipe.networks.named
    for name, network in begun.items():
        assert not differing(network.state_dict(), resumed[name].state_dict())


def test_open_run_starts_a_run_and_then_resumes_it(tmp_path: Path, tiny_toml: str) -> None:
    run = tmp_path / "run"
    started = open_run(run, tmp_path, tiny_toml, Overrides.of(seed=3), "cpu", 1)
    resumed = open_run(run)
    assert resumed.info == started.info and resumed.info.preset.seed == 3
    assert resumed.source == started.source == tmp_path


@pytest.mark.parametrize(
    ("preset_file", "lengths", "minutes"),
    [(None, {}, 60.0), (None, {"kimg": 3}, None), (None, {"minutes": 5.0}, 5.0), ("tiny.toml", {}, None)],
)
def test_a_run_without_preset_and_length_is_fitted_to_an_hour_and_says_so(
    tmp_path: Path,
    tiny_toml: str,
    preset: Preset,
    monkeypatch: pytest.MonkeyPatch,
    preset_file: str | None,
    lengths: dict[str, Any],
    minutes: float | None,
) -> None:
    seconds = {"autoencoder": 60.0, "prior": 120.0}
    timed = Mock(side_effect=lambda info, *_: (replace(info, stage_seconds=seconds), "Fitted."))
    monkeypatch.setattr(setup, "timed", timed)
    monkeypatch.setattr(setup, "default_preset", lambda *_: preset)
    described = open_run(tmp_path / "run", tmp_path, preset_file, Overrides.of(**lengths), "cpu").describe()
    assert timed.call_args.args[2].minutes == minutes
    assert ("it takes 60 minutes: --minutes sets another.\nFitted." in described) is (minutes == 60.0)
    assert ("\n  minutes " in described) is (minutes is not None)
    assert ("\n  20 to 60  prior " in described) is (minutes == 60.0)


def test_a_description_says_that_transparency_is_learned(tmp_path: Path, preset: Preset) -> None:
    opened = start_run(tmp_path / "run", preset, tmp_path, CPU)
    assert "pictures of 16 px in " in opened.describe()
    changed = replace(preset, data=replace(preset.data, alpha=True))
    assert (
        "pictures of 16 px with transparency in "
        in replace(opened, info=replace(opened.info, preset=changed)).describe()
    )


def test_open_run_keeps_the_threads_that_a_run_started_with(tmp_path: Path, tiny_toml: str) -> None:
    open_run(tmp_path / "run", tmp_path, tiny_toml, device="cpu", threads=1)
    torch.set_num_threads(2)
    open_run(tmp_path / "run")
    assert torch.get_num_threads() == 1
    open_run(tmp_path / "run", threads=2)
    assert torch.get_num_threads() == 2


def test_open_run_refuses_other_settings_of_a_run(tmp_path: Path, tiny_toml: str) -> None:
    open_run(tmp_path / "run", tmp_path, tiny_toml, device="cpu")
    for preset, overrides in ((tiny_toml, None), (None, Overrides.of(seed=0)), (None, Overrides.of(kimg=1))):
        with pytest.raises(TrainingError, match="run is a run already, with its own settings"):
            open_run(tmp_path / "run", None, preset, overrides)
