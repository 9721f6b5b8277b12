"""`painting train` says when a run ended worse than it began, or collapsed."""

import pytest

from painting.cli import run as painting
from painting.training.guard.collapse import Condition

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("training_surroundings")]


def train(*arguments: str) -> int:
    return painting(["train", "--device", "cpu", "--threads", "1", *arguments])


def test_a_run_that_ended_worse_than_it_began_is_not_called_done(
    flowers: str, preset: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("painting.training.setup.OpenRun.train", lambda self, display, measure: False)
    assert train(flowers, "--preset", preset, "--run", "mine") == 0
    output = capsys.readouterr().out
    assert "Done" not in output and "Make a painter of it with: painting export mine\n" in output


def test_a_run_that_collapses_is_an_error_in_one_line(
    flowers: str, preset: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    collapsed = (Condition.COLLAPSED, "the variety between samples fell from 90% to 1% of that of real pictures")
    monkeypatch.setattr("painting.training.loop.condition", lambda lines, is_last: collapsed)
    assert train(flowers, "--preset", preset, "--run", "mine") == 1
    captured = capsys.readouterr()
    assert "Done" not in captured.out
    assert (
        "Training was stopped after 16 images of stage autoencoder, for it had collapsed: the variety" in captured.err
    )
    assert "Start a new run with a lower learning_rate" in captured.err and len(captured.err.splitlines()) == 1
