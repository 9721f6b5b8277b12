"""A run starts with what was asked for, goes on only with what it started with, and says what does not fit."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import torch

from painting.data.picture_set import PictureSet
from painting.errors import TrainingError
from painting.training import setup
from painting.training.config.base import Preset
from painting.training.config.loader import load_preset
from painting.training.config.overrides import Overrides
from painting.training.run import text_encoder
from painting.training.run.folder import RunFolder
from painting.training.setup import begin_run, choose_device, resume_run

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def prepared(monkeypatch: pytest.MonkeyPatch, finite: PictureSet, text_encoder_of_numbers: Any) -> Mock:
    """Stands in for preparing a folder; says what it was asked to prepare."""
    prepare = Mock(return_value=finite)
    monkeypatch.setattr(setup, "prepare", prepare)
    for module in (setup, text_encoder):
        monkeypatch.setattr(module, "TextEncoder", Mock(load=lambda name: text_encoder_of_numbers))
    return prepare


@pytest.fixture
def shapes(preset: Preset) -> Preset:
    return replace(preset, data=replace(preset.data, source="shapes"))


def test_a_new_run_writes_down_what_it_is_before_it_trains(tmp_path: Path, preset: Preset) -> None:
    opened = begin_run(tmp_path / "run", preset, tmp_path, CPU)
    about = RunFolder(tmp_path / "run").info()
    assert about == opened.info
    assert about.preset == preset and about.source == str(tmp_path)
    assert about.environment["device"] == "cpu" and about.environment["torch"] == torch.__version__
    assert [stage.name for stage in opened.recipe.stages] == ["features", "autoencoder", "prior"]


def test_a_new_run_keeps_real_pictures_and_one_that_goes_on_makes_up_for_them(tmp_path: Path, preset: Preset) -> None:
    real = RunFolder(tmp_path / "run").saved / "real.png"
    begin_run(tmp_path / "run", preset, tmp_path, CPU)
    content = real.read_bytes()
    real.unlink()
    resume_run(tmp_path / "run", None, CPU)
    assert real.read_bytes() == content


def test_wishes_are_written_down_with_the_preset(tmp_path: Path, preset: Preset) -> None:
    begin_run(tmp_path / "run", preset, tmp_path, CPU, None, Overrides(epochs=10, seed=9))
    kept = RunFolder(tmp_path / "run").info().preset
    assert kept.seed == 9 and kept.as_dict()["prior"]["kimg"] == 0.24


@pytest.mark.parametrize("synonyms", [False, True])
def test_a_folder_is_prepared_as_the_preset_says(
    tmp_path: Path, preset: Preset, prepared: Mock, synonyms: bool
) -> None:
    begin_run(tmp_path / "run", replace(preset, data=replace(preset.data, synonyms=synonyms)), tmp_path, CPU)
    resume_run(tmp_path / "run", None, CPU)
    assert prepared.call_count == 2
    for call in prepared.call_args_list:
        assert call.args[:3] == (tmp_path, 16, 1) and call.kwargs == {"synonyms": synonyms}


def test_a_run_is_resumed_from_where_its_pictures_were_or_have_moved_to(
    tmp_path: Path, preset: Preset, prepared: Mock
) -> None:
    begin_run(tmp_path / "run", preset, tmp_path, CPU)
    opened = resume_run(tmp_path / "run", None, CPU)
    assert opened.info.preset == preset
    assert prepared.call_args.args[0] == tmp_path
    resume_run(tmp_path / "run", tmp_path / "moved", CPU)
    assert prepared.call_args.args[0] == tmp_path / "moved"


def test_a_run_does_not_go_on_with_other_pictures(
    tmp_path: Path, preset: Preset, finite: PictureSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_run(tmp_path / "run", preset, tmp_path, CPU)
    monkeypatch.setattr(finite, "content_hash", "others")
    with pytest.raises(TrainingError, match=r"pictures or captions have changed since .*run began"):
        resume_run(tmp_path / "run", None, CPU)


def test_resuming_what_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="is not a run"):
        resume_run(tmp_path, None, CPU)


def test_a_new_run_is_not_made_over_something_else(tmp_path: Path, preset: Preset) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(TrainingError, match="exists and is not a run"):
        begin_run(tmp_path, preset, tmp_path, CPU)


def test_drawn_shapes_need_no_folder(tmp_path: Path, shapes: Preset, endless: PictureSet, prepared: Mock) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(setup, "Shapes", Mock(return_value=endless))
        assert begin_run(tmp_path / "run", shapes, None, CPU).info.source is None
        assert resume_run(tmp_path / "run", None, CPU).info.source is None
    assert not prepared.called


def test_drawn_shapes_with_a_folder_are_refused(tmp_path: Path, shapes: Preset) -> None:
    with pytest.raises(TrainingError, match=r"tiny draws its own pictures: leave out .*flowers"):
        begin_run(tmp_path / "run", shapes, tmp_path / "flowers", CPU)
    assert not (tmp_path / "run").exists()


def test_digits_come_with_the_package_and_another_folder_s_must_have_their_size(tmp_path: Path) -> None:
    opened = begin_run(tmp_path / "run", load_preset("digits"), None, CPU)
    assert opened.info.dataset.summary["pictures"] == 10_000
    with (
        pytest.MonkeyPatch.context() as patch,
        pytest.raises(TrainingError, match=r"takes pictures of 28 px; .* have 32"),
    ):
        patch.setattr(setup, "Digits", Mock(return_value=Mock(size=32)))
        begin_run(tmp_path / "other", load_preset("digits"), tmp_path, CPU)


def test_a_preset_for_folders_without_one_is_refused(tmp_path: Path, preset: Preset) -> None:
    with pytest.raises(TrainingError, match="tiny needs a captioned folder: painting train FOLDER"):
        begin_run(tmp_path / "run", preset, None, CPU)
    assert not (tmp_path / "run").exists()


def test_the_processor_can_always_be_chosen() -> None:
    assert choose_device("cpu") == CPU


@pytest.mark.parametrize(("gpu", "mps", "chosen"), [(True, True, "cuda"), (False, True, "mps"), (False, False, "cpu")])
def test_the_first_device_that_works_is_taken(
    monkeypatch: pytest.MonkeyPatch, gpu: bool, mps: bool, chosen: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: gpu)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    monkeypatch.setattr(torch, "zeros", lambda *size, device: None)
    assert choose_device("auto").type == chosen


@pytest.mark.parametrize("name", ["gpu", "cuda:99", "", "cpu:x", "mps:7", "meta", "xpu"])
def test_a_device_that_cannot_be_used_is_named(name: str) -> None:
    with pytest.raises(TrainingError, match=f"The device '{name}' cannot be used: .*Take auto, cpu, cuda") as told:
        choose_device(name)
    assert len(str(told.value)) < 250


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("cpu:3", "there is 1 of its kind here, counted from 0"),
        ("cuda:2", "there are 2 of its kind here, counted from 0"),
        ("mps", "this torch cannot compute there"),
        ("cpu:x", "Invalid device string: 'cpu:x'"),
    ],
)
def test_it_is_told_in_words_why_a_device_cannot_be_used(
    monkeypatch: pytest.MonkeyPatch, name: str, reason: str
) -> None:
    def zeros(size: int, device: torch.device) -> None:
        if device.type == "mps":
            raise NotImplementedError("Could not run 'aten::empty.memory_format' with arguments")

    monkeypatch.setattr(torch, "zeros", zeros)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    with pytest.raises(TrainingError) as told:
        choose_device(name)
    assert str(told.value) == f"The device '{name}' cannot be used: {reason}. Take auto, cpu, cuda, cuda:1 or mps."


def test_networks_of_a_resumed_run_are_those_it_began_with(
    tmp_path: Path, preset: Preset, differing: Callable[[dict[str, Any], dict[str, Any]], list[str]]
) -> None:
    begun = begin_run(tmp_path / "run", preset, tmp_path, CPU).recipe.networks.named
    resumed = resume_run(tmp_path / "run", None, CPU).recipe.networks.named
    for name, network in begun.items():
        assert not differing(network.state_dict(), resumed[name].state_dict())
