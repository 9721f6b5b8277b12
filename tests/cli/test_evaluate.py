"""`painting evaluate` writes two files, says the verdicts, and leaves nothing behind when it is stopped."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.conftest import MakePainter
from tests.evaluation.conftest import write_folder

from painting.cli import run as painting
from painting.data.split import Split, write_split
from painting.evaluation.extractors.classifier import ClassifierSettings
from painting.training.config.base import Preset
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.preset_loader import load_preset
from painting.training.run.folder import RunFolder, RunInfo

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("PAINTING_CACHE", str(tmp_path / "cache"))
    tiny = ClassifierSettings(widths=(8,), images=64, batch=16)
    monkeypatch.setattr("painting.evaluation.report.real_data.ClassifierSettings", lambda: tiny)
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = write_folder(tmp_path / "flowers", 48, 0)
    write_split(made, Split({"test": {f"{index:04d}.png": "x" for index in range(0, 48, 3)}}))
    return made


def evaluate(*arguments: object) -> int:
    chosen = () if "--extractors" in arguments else ("--extractors", "classifier")
    return painting(["evaluate", "--quick", "--threads", "1", *chosen, *map(str, arguments)])


def test_a_painter_is_measured_with_verdicts_on_screen_and_two_files(
    tiny_painter: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(tiny_painter, "--data", folder) == 0
    output = capsys.readouterr().out
    assert "Does it copy training pictures?" in output
    assert "  Fréchet distance by classifier-" in output and ": train " in output and "; test " in output
    place = Path("evaluation") / "tiny"
    assert sorted(path.name for path in place.iterdir()) == ["report.html", "report.json"]
    report = json.loads((place / "report.json").read_text())
    assert report["settings"]["pictures"] == 200 and report["painters"][0]["name"] == "tiny"
    assert {figure["extractor"].partition("-")[0] for figure in report["painters"][0]["figures"]} <= {
        "classifier",
        "pixels",
    }


def test_a_quick_evaluation_trains_nothing_and_takes_few_pictures(
    tiny_painter: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("painting.cli.evaluate.QUICK_PICTURES", 12)
    monkeypatch.setattr("painting.evaluation.extractors.efficientnet.IMAGE_SIDE", 32)
    monkeypatch.setattr("painting.evaluation.extractors.classifier_training.train_classifier", None)
    assert painting(["evaluate", "--quick", "--threads", "1", str(tiny_painter), "--data", str(folder)]) == 0
    report = json.loads(Path("evaluation/tiny/report.json").read_text())
    (painter,) = report["painters"]
    assert {figure["extractor"] for figure in painter["figures"]} <= {"efficientnet-lite2", "pixels", "none"}
    assert {figure["n"] for figure in painter["figures"] if figure["id"] == "kid"} == {12}
    assert "Quick: measured with 12 of 32 train pictures and 12 of 16 test pictures." in painter["notes"]
    assert not any("It was trained on" in note for note in painter["notes"])


def test_how_to_measure_can_be_chosen(tiny_painter: Path, folder: Path) -> None:
    how = ("--pictures", 10, "--generations", 2, "--seed", 7, "--size", 8, "--out", "there")
    assert evaluate(tiny_painter, "--data", folder, *how) == 0
    report = json.loads(Path("there/report.json").read_text())
    assert report["settings"] | {"pictures": 10, "generations": 2, "first_seed": 7} == report["settings"]
    assert report["painters"][0]["picture_size"] == 8
    figures = report["painters"][0]["figures"]
    assert 7 in {figure["seed"] for figure in figures} and any("spread" in figure for figure in figures)


def test_the_best_of_several_is_named_by_pictures_that_were_held_out_for_that(
    make_painter: MakePainter, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {f"{index:04d}.png": "x" for index in range(0, 48, 3)}
    write_split(folder, Split({"test": {"0001.png": "x"}, "validation": files}))
    assert evaluate(make_painter("one"), make_painter("two"), "--data", folder, "--choose") == 0
    assert (
        capsys.readouterr()
        .out.splitlines()[-1]
        .endswith("on 16 validation pictures, with one set of seeds; by chance it could be one.")
    )
    report = json.loads(Path("evaluation/one-two/report.json").read_text())
    assert [part["split"] for part in report["data"]["parts"]] == ["train", "validation"]
    assert {figure["split"] for figure in report["painters"][0]["figures"]} == {"validation"}


def a_run(path: Path, folder: Path) -> Path:
    preset: Preset = load_preset("small")
    RunFolder(path).create(RunInfo(preset, str(folder), DatasetInfo("hash", {}, ()), {}))
    return path


def test_a_run_is_measured_by_its_newest_weights_on_its_own_pictures(
    tiny_painter: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported: list[Any] = []

    def export(run: Path, output: Path, sampler_settings: dict[str, int], **options: object) -> None:
        exported.append((run, sampler_settings))
        shutil.copy(tiny_painter, output)

    monkeypatch.setattr("painting.training.export.exporter.export_run", export)
    assert evaluate(a_run(Path("mine"), folder), "--steps", 3) == 0
    assert exported == [(Path("mine"), {"steps": 3})]
    assert (Path("mine") / "evaluation" / "report.html").is_file()


def test_ctrl_c_leaves_nothing_half_written_and_keeps_the_classifier(
    tiny_painter: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("painting.evaluation.report.session.evaluate", stop)
    assert evaluate(tiny_painter, "--data", folder, "--out", "there") == 130
    assert "Stopped; no report was written." in capsys.readouterr().out
    assert list(Path("there").iterdir()) == []
    monkeypatch.setattr("painting.evaluation.extractors.classifier_training.train_classifier", None)
    assert evaluate(tiny_painter, "--data", folder, "--out", "there") == 130


def test_a_folder_that_cannot_be_written_is_an_error_before_the_evaluation(
    make_painter: MakePainter, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("painting.cli.evaluate.TemporaryFile", refuse)
    assert evaluate(make_painter(), "--data", "none", "--out", "there") == 2
    expected = "error: the report cannot be written to there: Permission denied; name another folder with --out\n"
    assert capsys.readouterr().err == expected


def test_a_report_that_cannot_be_written_is_an_error_in_one_line(
    tiny_painter: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (Path("there") / "report.json").mkdir(parents=True)
    assert evaluate(tiny_painter, "--data", folder, "--out", "there") == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith("error: the report cannot be written to there: ")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("absent",), "there is no painter 'absent'"),
        (("tiny.painter",), "name the dataset folder of the painter 'tiny'"),
        (("tiny.painter", "--steps", "3"), "--steps is for run folders"),
        (("tiny.painter", "--data", "none"), "'none' is not a folder"),
        (("tiny.painter", "--extractors", "eyes"), "there is no extractor 'eyes'"),
        (("tiny.painter", "--weights", "eyes=folder"), "there is no extractor 'eyes'"),
        (("tiny.painter", "--weights", "clip="), "--weights takes NAME=SOURCE, as in clip=FOLDER, not 'clip='"),
        (("tiny.painter", "--weights", "folder"), "--weights takes NAME=SOURCE, as in clip=FOLDER, not 'folder'"),
        (
            ("tiny.painter", "--extractors", " ,"),
            "name at least one extractor: classifier, efficientnet, inception, clip",
        ),
        (("tiny.painter", "--out", "tiny.painter/x"), "cannot be written to tiny.painter/x"),
    ],
)
def test_what_cannot_be_measured_is_an_error_in_one_line(
    make_painter: MakePainter, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], reason: str
) -> None:
    shutil.copy(make_painter(), "tiny.painter")
    assert evaluate(*arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ") and reason in error and error.count("\n") == 1
