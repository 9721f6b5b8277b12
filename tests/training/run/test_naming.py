"""A run without a name is named after its pictures, else after its preset."""

from pathlib import Path

import pytest

from painting.errors import TrainingError
from painting.training.run.naming import default_run_folder


@pytest.mark.parametrize(
    ("source", "preset", "run"),
    [
        ("pictures/my roses/", None, "runs/my roses"),
        ("pictures/roses", "tac-gan", "runs/roses"),
        (".", None, "runs/garden"),
        (None, "digits", "runs/digits"),
        (None, "presets/mine.toml", "runs/mine"),
    ],
)
def test_a_run_without_a_name_is_named_after_its_pictures_else_its_preset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str | None, preset: str | None, run: str
) -> None:
    (tmp_path / "garden").mkdir()
    monkeypatch.chdir(tmp_path / "garden")
    assert default_run_folder(Path(source) if source else None, preset) == Path(run)


def test_a_run_of_nothing_is_refused() -> None:
    with pytest.raises(TrainingError, match="Name what to train on: painting train FOLDER"):
        default_run_folder(None, None)
