"""`painting export` passes its options on, and says what it wrote or why it could not."""

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from painting.cli import run as painting
from painting.cli.export import default_file
from painting.distribution import install_command
from painting.training.guard.comparison import StartComparison
from painting.training.guard.measurement import Measurement
from painting.training.run.folder import RunFolder


@pytest.fixture
def calls(tiny_painter: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[dict[str, Any]]:
    """What `export_run` is called with; in its place a ready painter is copied to the output."""
    called: list[dict[str, Any]] = []

    def export_run(run: Path, output: Path, **options: Any) -> None:
        called.append({"run": run, "output": output, **options})
        shutil.copy(tiny_painter, output)

    monkeypatch.setattr("painting.training.export.exporter.export_run", export_run)
    monkeypatch.chdir(tmp_path)
    return called


def test_a_run_is_exported_with_the_preset_s_own_settings(
    calls: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert painting(["export", "mine"]) == 0
    (call,) = calls
    assert (call["run"], call["output"], call["name"]) == (Path("mine"), Path("mine.painter"), None)
    assert (call["sampler_settings"], call["card_fields"]) == ({}, {})
    assert (call["at_kimg"], call["text_encoder"]) == ((), None)
    megabytes = Path("mine.painter").stat().st_size / 1e6
    assert capsys.readouterr().out == (
        f'Wrote mine.painter ({megabytes:.1f} MB). Paint with it: painting paint "…" --painter mine.painter\n'
    )


@pytest.mark.parametrize(
    ("run", "name"),
    [
        ("runs/roses-2", "roses-2"),
        ("runs/my roses", "my roses"),
        ("runs/flowers", "my-flowers"),
        ("shapes", "my-shapes"),
    ],
)
def test_a_painter_is_named_after_its_run_but_not_as_a_bundled_one(run: str, name: str) -> None:
    assert default_file(Path(run)) == Path(f"{name}.painter")


def test_a_run_in_the_working_folder_has_its_name(calls: list[dict[str, Any]], tmp_path: Path) -> None:
    assert default_file(Path()) == Path(f"{tmp_path.name}.painter")


def test_options_are_passed_on(calls: list[dict[str, Any]], tmp_path: Path) -> None:
    figures = [{"name": "FID", "value": 61.5}]
    (tmp_path / "report.json").write_text(json.dumps({"painters": [{"figures": figures}]}))
    (tmp_path / "card.toml").write_text('licence = "CC0"')
    options = [
        "--name",
        "roses",
        "--steps",
        "4",
        "--guidance",
        "2.5",
        "--at-kimg",
        "96",
        "--at-kimg",
        "108",
        "--text-encoder",
        "here",
    ]
    files = ["--figures", "report.json", "--card", "card.toml"]
    assert painting(["export", "mine", "-o", "mine.painter", *options, *files]) == 0
    (call,) = calls
    assert (call["name"], call["at_kimg"], call["text_encoder"]) == ("roses", [96.0, 108.0], "here")
    assert call["sampler_settings"] == {"steps": 4, "guidance": 2.5}
    assert call["card_fields"] == {"figures": figures, "licence": "CC0"}


@pytest.mark.parametrize("option", ["--figures", "--card"])
def test_a_file_for_the_card_that_is_not_there_is_refused_before_the_export(
    calls: list[dict[str, Any]], option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert painting(["export", "mine", "-o", "mine.painter", option, "none"]) == 2
    assert "in none cannot be read" in capsys.readouterr().err
    assert calls == []


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert painting(["export", str(tmp_path), "-o", str(tmp_path / "mine.painter")]) == 1
    assert "is not a run" in capsys.readouterr().err
    assert not (tmp_path / "mine.painter").exists()


def test_without_torch_the_missing_extra_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("painting.training.export.card", "painting.training.export.exporter"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, "torch", None)
    assert painting(["export", "mine", "-o", "mine.painter"]) == 2
    assert f"Exporting a run needs the training extra: {install_command('train')}" in capsys.readouterr().err


DISTANCE = "Its pictures resemble those that it was trained on: KID {} on 60 test pictures.\n"
FAR = (
    "Its pictures are far from those that it was trained on: KID {} on 60 test pictures; from 15 on pictures are of "
    "another world.\n"
)


@pytest.mark.parametrize(
    ("changes", "options", "sentence"),
    [
        ({"collapsed": True}, (), f"The run collapsed, so this is its start, roses.\n{DISTANCE.format('20.0 ± 0.1')}"),
        ({}, (), "The run has not ended: these weights may be worse than its start, roses (--at-kimg 0).\n"),
        ({"end": Measurement(9.0, (8.9, 9.1))}, (), DISTANCE.format("9.0 ± 0.1")),
        ({"far": 15.0}, ("--at-kimg", "0"), FAR.format("20.0 ± 0.1")),
        ({"collapsed": True}, ("--at-kimg", "3"), ""),
    ],
)
def test_an_export_says_which_weights_of_a_warm_start_it_takes(
    calls: list[dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, Any],
    options: tuple[str, ...],
    sentence: str,
) -> None:
    Path("mine").mkdir()
    start = StartComparison("roses", "KID", "60 test pictures", Measurement(20.0, (20.1, 19.9)))
    replace(start, **changes).write(RunFolder(Path("mine")))
    assert painting(["export", "mine", "-o", "mine.painter", *options]) == 0
    first, _, rest = capsys.readouterr().out.partition("Wrote ")
    assert first == sentence and rest


@pytest.fixture
def made_bases(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[dict[str, str]]:
    """The fields of bases that were made, of two megabytes each."""
    made: list[dict[str, str]] = []

    def make_base(run: Path, output: Path, fields: dict[str, str]) -> None:
        made.append(fields)
        output.write_bytes(bytes(2_000_000))

    monkeypatch.setattr("painting.training.start.make_base.make_base", make_base)
    monkeypatch.chdir(tmp_path)
    return made


def test_a_base_is_written_where_the_file_is_named_so(
    made_bases: list[dict[str, str]], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "card.toml").write_text('licence = "CC0"')
    assert painting(["export", "mine", "-o", "mine.base", "--card", "card.toml"]) == 0
    assert made_bases == [{"licence": "CC0"}]
    assert capsys.readouterr().out == (
        "Wrote mine.base (2.0 MB). Begin from it: painting train FOLDER --from mine.base\n"
    )


def test_options_of_painters_are_refused_for_a_base(
    made_bases: list[dict[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert painting(["export", "mine", "-o", "mine.base", "--steps", "4", "--at-kimg", "9"]) == 2
    assert "mine.base is a base, which paints nothing: leave out --steps, --at-kimg" in capsys.readouterr().err
    assert not made_bases
