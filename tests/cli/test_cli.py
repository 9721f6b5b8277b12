"""What every verb has in common: one line for an error, and the exit code."""

from pathlib import Path

import pytest

from painting import __version__
from painting.cli import run


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"painting {__version__}\n"


def test_without_a_verb_the_help_lists_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 0
    shown = capsys.readouterr().out
    assert all(f"\n  {verb} " in shown for verb in ("paint", "morph", "serve", "train", "export", "data", "doctor"))


@pytest.mark.parametrize(
    "arguments",
    [["foo"], ["paint", "a rose", "--count", "x"], ["paint", "a rose", "--seed"], ["paint", "--no-such-option"]],
)
def test_a_wrong_command_line_is_one_line_and_exit_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("error: ") and shown.err.count("\n") == 1


def test_a_group_without_its_verb_shows_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data"]) == 2
    assert "check" in capsys.readouterr().err


def test_ctrl_c_leaves_with_130_and_no_traceback(
    tiny_painter: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("painting.load", interrupt)
    assert run(["paint", "a rose", "--painter", str(tiny_painter)]) == 130
    assert capsys.readouterr().err == ""


def test_a_path_that_the_system_refuses_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data", "check", "a" * 5000]) == 2
    shown = capsys.readouterr().err
    assert "File name too long" in shown and shown.count("\n") == 1 and len(shown) < 300
