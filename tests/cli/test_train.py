"""`painting train` begins a run, goes on with it, and answers what it cannot do in one line."""

import json
import shutil
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from painting.cli import run as painting
from painting.evaluation.extractors.classifier import ClassifierSettings
from painting.files.painter_file import read
from painting.text.catalog import find
from painting.text.encoder import TextEncoder
from painting.training.run.folder import RunFolder, RunInfo
from painting.training.run.progress import TerminalDisplay

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("training_surroundings")]


@pytest.fixture
def without_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run is begun, but not trained."""
    monkeypatch.setattr("painting.cli.train._train", lambda opened: None)


OPTIONS = "preset small, kimg 3, epochs 3, snapshots 3, seed 0, evaluate-every-kimg 0, from flowers".split(", ")
"""What a run that is there already has settled."""


def train(*arguments: str) -> int:
    return painting(["train", "--device", "cpu", "--threads", "1", *arguments])


def about(run: str = "mine") -> dict[str, Any]:
    described: dict[str, Any] = json.loads((Path(run) / "run.json").read_text())
    return described


def test_a_run_is_trained_to_its_end_and_says_what_to_do_with_it(
    flowers: str, preset: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(flowers, "--preset", preset, "--run", "mine") == 0
    output = capsys.readouterr().out
    assert "Training tiny on 8 pictures of 16 px in mine, 0 skipped.\nIt takes up to about 14 MB of disk." in output
    assert "Sample grids are added to mine/pictures as each stage begins and at 1 points of it; plots" in output
    assert (
        "prior (2 of 2): 0 of 32 images" in output and "left of the run; samples: mine/pictures/autoencoder-" in output
    )
    assert "Done. Make a painter of it with: painting export mine\n" in output
    assert [line["stage"] for line in RunFolder(Path("mine")).stats.read()] == ["autoencoder", "prior"]
    assert train("--run", "mine") == 0
    output = capsys.readouterr().out
    assert "The run was complete already" in output and "Done" not in output and "painting export mine" in output
    assert len(RunFolder(Path("mine")).stats.read()) == 2


def test_a_stopped_run_is_saved_and_goes_on_with_its_own_settings(
    flowers: str, preset: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(TerminalDisplay, "stepped", lambda self, images: signal.raise_signal(signal.SIGINT))
        assert train(flowers, "--preset", preset, "--run", "mine") == 130
    assert "Stopped and saved. Resume with: painting train --run mine" in capsys.readouterr().out
    assert train("--run", "mine") == 0
    assert "Resuming after 8 of 16 images of stage autoencoder." in capsys.readouterr().out
    assert [line["step"] for line in RunFolder(Path("mine")).stats.read()] == [1, 2, 4]


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.usefixtures("without_training")
def test_a_run_keeps_its_settings(flowers: str, preset: str, capsys: pytest.CaptureFixture[str], option: str) -> None:
    train(flowers, "--preset", preset, "--run", "mine")
    assert train("--run", "mine", *f"--{option}".split()) == 1
    assert "mine is a run already, with its own settings" in capsys.readouterr().err


@pytest.mark.usefixtures("without_training")
def test_length_and_seed_can_be_chosen(flowers: str, preset: str) -> None:
    assert train(flowers, "--preset", preset, "--run", "mine", "--kimg", "2.5", "--seed", "0") == 0
    assert about()["preset"]["prior"]["kimg"] == 2.5
    assert about()["preset"]["autoencoder"]["kimg"] == 0.016
    assert about()["preset"]["seed"] == 0
    assert about()["environment"]["threads"] == 1


@pytest.mark.usefixtures("without_training")
def test_length_can_be_given_in_epochs(flowers: str, preset: str) -> None:
    assert train(flowers, "--preset", preset, "--run", "mine", "--epochs", "5", "--snapshots", "3") == 0
    assert about()["preset"]["prior"]["kimg"] == 0.04  # 5 · 8 pictures
    assert about()["preset"]["snapshots"] == 3


@pytest.mark.usefixtures("without_training")
def test_pictures_can_be_named_by_an_option(flowers: str, preset: str) -> None:
    assert train("--data", flowers, "--preset", preset, "--run", "mine") == 0
    assert about()["source"] == flowers


@pytest.mark.usefixtures("without_training")
def test_another_text_encoder_can_be_chosen(
    flowers: str, preset: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "encoders" / "mine"
    shutil.copytree(find("minilm-l6"), copy)
    monkeypatch.chdir(copy.parent)
    assert train(flowers, "--preset", preset, "--run", "run", "--text-encoder", "./mine") == 0
    assert about("run")["preset"]["data"]["text_encoder"] == str(copy)


@pytest.fixture
def moved(flowers: str, preset: str, tmp_path: Path) -> Path:
    """Where the text encoder has moved to of a run in mine, which is trained to its end."""
    place = tmp_path / "encoders" / "mine"
    shutil.copytree(find("minilm-l6"), place)
    assert train(flowers, "--preset", preset, "--run", "mine", "--text-encoder", str(place)) == 0
    return place.rename(tmp_path / "moved")


def test_a_run_whose_text_encoder_has_moved_resumes_and_is_exported_with_its_new_path(
    moved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = ["export", "mine", "-o", "mine.painter"]
    for command in (["train", "--run", "mine"], export):
        assert painting(command) == 1
        error = capsys.readouterr().err
        assert "there is no text encoder" in error and "give its path with --text-encoder" in error
        assert len(error.splitlines()) == 1
    assert train("--run", "mine", "--text-encoder", str(moved)) == 0
    assert painting([*export, "--text-encoder", str(moved)]) == 0
    assert read("mine.painter")


def test_a_run_does_not_go_on_with_another_text_encoder(moved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = TextEncoder.load(moved).sha256
    description = moved / "text_encoder.json"
    description.write_text(description.read_text().replace("Apache-2.0", "MIT"))
    other = TextEncoder.load(moved).sha256
    for command in (["train", "--run", "mine"], ["export", "mine", "-o", "mine.painter"]):
        assert painting([*command, "--text-encoder", str(moved)]) == 1
        error = capsys.readouterr().err
        assert f"its SHA-256 is {other}, and the run's {own}" in error and len(error.splitlines()) == 1
    assert not Path("mine.painter").exists()


@pytest.mark.usefixtures("without_training")
def test_a_run_goes_on_with_the_threads_that_it_began_with(flowers: str, preset: str) -> None:
    assert train(flowers, "--preset", preset, "--run", "mine") == 0
    torch.set_num_threads(2)
    assert painting(["train", "--device", "cpu", "--run", "mine"]) == 0
    assert torch.get_num_threads() == 1


@pytest.mark.usefixtures("without_training")
def test_a_folder_alone_is_trained_on_by_the_small_preset_in_a_run_of_its_name(
    flowers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def timed(info: RunInfo, *_: object) -> tuple[RunInfo, None]:  # in its place: large networks take seconds
        return replace(info, stage_seconds=dict.fromkeys(info.preset.stage_tables, 1.0)), None

    monkeypatch.setattr("painting.training.setup.timed", timed)
    assert train(flowers) == 0
    assert about("runs/flowers")["preset"]["name"] == "small"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--seed", "-1"), "preset.seed must not be negative"),
        (("--kimg", "-2"), "preset.finetuning.kimg must not be negative"),
        (("--kimg", "nan"), "preset.finetuning.kimg must be a finite number"),
        (("--kimg", "1"), "finetuning.kimg 1 (--kimg, --epochs) is too few to help: at least 3"),
        (("--kimg", "2.9", "--from", "flowers"), "too few to help: at least 3"),
        (("--epochs", "9"), "finetuning.kimg 0.072 (--kimg, --epochs) is too few to help: at least 3"),
        (("--preset", "tac-gan", "--epochs", "100"), "gan.kimg 0.8 (--kimg, --epochs) is too few to help: at least 14"),
        (("--preset", "flours"), "There is no preset 'flours'"),
        (("--device", "gpu"), "The device 'gpu' cannot be used"),
        (("--kimg", "3", "--minutes", "2"), "--kimg and --minutes say how long to train"),
        (("--data", "elsewhere"), "Both"),
        (("--text-encoder", "absent"), "there is no text encoder 'absent'"),
        (("--from", "absent"), "there is no painter 'absent'"),
        (("--preset", "shapes", "--from", "flowers"), "The preset shapes has no finetuning: only what is"),
        (("--preset", "digits", "--text-encoder", "minilm-l6"), "digits have no captions"),
    ],
)
def test_what_cannot_be_trained_is_an_error_in_one_line_and_leaves_no_folder(
    flowers: str, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert train(flowers, "--run", "mine", *arguments) in (1, 2)
    error = capsys.readouterr().err
    assert message in error and len(error.splitlines()) == 1
    assert not Path("mine").exists()


def test_every_way_to_shorten_a_run_has_one_least_length(capsys: pytest.CaptureFixture[str]) -> None:
    for length, few in (("--kimg 1.5", "gan.kimg 1.5"), ("--minutes 0.1", "--minutes 0.1 is")):
        assert train("--preset", "digits", "--run", "mine", *length.split()) == 1
        assert few in (error := capsys.readouterr().err) and "too few to help" in error
    assert not Path("mine").exists()


def test_ctrl_c_before_training_says_that_nothing_is_lost(
    flowers: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def press_ctrl_c(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("painting.training.setup.open_pictures", press_ctrl_c)
    assert train(flowers, "--run", "mine") == 130
    assert capsys.readouterr().out == "Stopped before training began. Start with the same command again.\n"
    assert not Path("mine").exists()


def test_endless_pictures_have_no_epoch(capsys: pytest.CaptureFixture[str]) -> None:
    assert train("--preset", "shapes-quick", "--run", "mine", "--epochs", "2") == 1
    assert "shapes-quick draws endless pictures, which make no epoch: take --kimg" in capsys.readouterr().err
    assert not Path("mine").exists()


def test_a_preset_for_folders_without_one_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert train("--preset", "small") == 1
    assert "needs a captioned folder" in capsys.readouterr().err


def test_a_run_that_is_not_there_is_named_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    Path("runs/roses").mkdir(parents=True)
    Path("runs/roses/run.json").touch()
    for name, said in (("tulips", "no run in runs/tulips to resume. To"), ("rose", "mean runs/roses?")):
        assert train("--run", f"runs/{name}") == 1
        error = capsys.readouterr().err
        assert said in error and "To begin one" in error and len(error.splitlines()) == 1
    assert train("--run", "runs") == 1
    assert "runs exists and is not a run" in capsys.readouterr().err


def test_without_torch_the_missing_extra_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    assert train() == 2
    assert "Training needs the training extra: pip install " in capsys.readouterr().err


def test_a_run_cannot_be_measured_on_pictures_that_it_is_trained_on(
    flowers: str, preset: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(flowers, "--preset", preset, "--run", "mine", "--evaluate-every-kimg", "1") == 2
    assert "hold some out with `painting data split" in capsys.readouterr().err
    assert not Path("mine").exists()


def test_a_run_is_measured_as_it_goes(flowers: str, preset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = ClassifierSettings(widths=(8,), images=64, batch=16)
    monkeypatch.setattr("painting.evaluation.report.real_data.ClassifierSettings", lambda: quick)
    assert painting(["data", "split", flowers, "--test", "50%"]) == 0
    measured = ("--evaluate-every-kimg", "0.016")
    assert train(flowers, "--preset", preset, "--run", "mine", "--kimg", "0.032", *measured) == 0
    assert about()["preset"]["evaluate_every_kimg"] == 0.016
    lines = RunFolder(Path("mine")).evaluations.read()
    assert [(line["stage_index"], line["step"]) for line in lines] == [(1, 2), (1, 4)]
    assert {figure["split"] for figure in lines[0]["figures"]} >= {"test"}
