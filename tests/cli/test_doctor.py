"""`painting doctor` tells what is here, and what is missing for what."""

from pathlib import Path

import pytest

from painting import catalog
from painting.cli import run
from painting.cli.doctor import report


def test_doctor_tells_versions_devices_encoders_and_painters(
    tiny_painter: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tiny_painter.parent / "broken.painter").write_bytes(b"PK broken")
    monkeypatch.setattr(catalog, "BUNDLED", tiny_painter.parent)
    assert run(["doctor"]) == 0
    shown = capsys.readouterr().out
    assert "for paint, serve, data: numpy " in shown
    assert "cores for this process" in shown
    assert "text encoder minilm-l6: works, 384 numbers a text" in shown
    assert "painter tiny: sound, 16 px, text encoder minilm-l6" in shown
    assert "painter broken: cannot use the painter file" in shown


def test_doctor_says_how_to_get_what_training_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    needed = ["numpy>=2", 'no-such-torch>=2 ; extra == "train"']
    monkeypatch.setattr("importlib.metadata.requires", lambda _: needed)
    lines = list(report())
    assert "for train, export: nothing installed" in lines
    assert "  missing: no-such-torch (to install: pip install 'painting[train]')" in lines
