"""`painting doctor` lists what is installed, and what is missing for which command."""

import builtins
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import MakePainter

from painting.cli import run
from painting.cli.doctor import report_lines
from painting.distribution import install_command
from painting.painters import catalog


def test_doctor_shows_versions_devices_encoders_and_painters(
    tiny_painter: Path, make_painter: MakePainter, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_painter("old", text_encoder_sha256="0" * 64)
    (tiny_painter.parent / "broken.painter").write_bytes(b"PK broken")
    monkeypatch.setattr(catalog, "BUNDLED_FOLDER", tiny_painter.parent)
    assert run(["doctor"]) == 0
    shown = capsys.readouterr().out
    assert re.search("for paint, morph, serve, data: .*numpy [0-9]", shown)
    assert "cores for this process" in shown
    assert "text encoder minilm-l6: works, vectors of 384 numbers, at most 256 tokens" in shown
    assert "painter tiny: works, 16 px, text encoder minilm-l6" in shown
    assert "painter old: cannot use the painter file" in shown and "another version of the text encoder" in shown
    assert "painter broken: cannot use the painter file" in shown


def test_doctor_says_how_to_install_what_training_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    needed = ["numpy>=2", 'no-such-torch>=2 ; extra == "train"']
    monkeypatch.setattr("importlib.metadata.requires", lambda _: needed)
    lines = list(report_lines())
    assert "for train, evaluate, export: nothing installed" in lines
    assert f"  missing: no-such-torch (to install: {install_command('train')})" in lines


def test_doctor_lists_what_an_extra_adds_to_the_extras_that_it_includes(monkeypatch: pytest.MonkeyPatch) -> None:
    needed = ['pytest>=8 ; extra == "test"', 'painting-nets[test] ; extra == "dev"', 'no-such-linter ; extra == "dev"']
    monkeypatch.setattr("importlib.metadata.requires", lambda _: needed)
    lines = list(report_lines())
    assert f"for the tests of the default install: pytest {pytest.__version__}" in lines
    assert "for all tests, lint and types: nothing installed" in lines
    assert f"  missing: no-such-linter (to install: {install_command('dev')})" in lines


@pytest.mark.parametrize(
    ("package", "problem", "line"),
    [
        ("torch", OSError("libtorch.so: cannot open\nshared object file"), "imported: libtorch.so: cannot open shared"),
        ("torch", ImportError("undefined symbol: _x"), "torch cannot be imported: undefined symbol: _x"),
        (
            "painting.text.encoder",
            ImportError("No module named 'tokenizers'"),
            "text encoders: unusable, a package is m",
        ),
        ("onnxruntime", ImportError("DLL load failed"), "text encoder minilm-l6: DLL load failed"),
    ],
)
def test_what_is_installed_and_cannot_be_loaded_is_a_line(
    package: str, problem: Exception, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.metadata.version", lambda _: "1.0")
    monkeypatch.setattr(builtins, "__import__", _failing(package, problem))
    lines = list(report_lines())
    assert any(line in printed for printed in lines)
    assert lines[-1].startswith("painter"), "what comes after is printed all the same"
    assert not any("\n" in printed for printed in lines)


def _failing(package: str, problem: Exception) -> Callable[..., Any]:
    """An `import` that fails for one package."""
    importing = builtins.__import__

    def import_or_fail(name: str, *arguments: Any, **named: Any) -> Any:
        if name == package:
            raise problem
        return importing(name, *arguments, **named)

    return import_or_fail
