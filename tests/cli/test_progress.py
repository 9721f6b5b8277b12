"""A task is a bar on a terminal, and in a log a line when it lasts and every half minute."""

import io
import time

import pytest
from rich.console import Console

from painting.cli.progress import TaskLog, task_progress


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time in its only element."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def log() -> tuple[TaskLog, io.StringIO]:
    written = io.StringIO()
    return TaskLog(Console(file=written, width=20)), written


def test_a_log_names_a_task_that_lasts_and_is_never_silent_for_longer_than_half_a_minute(clock: list[float]) -> None:
    report, written = log()
    for second in range(101):
        clock[0] = float(second)
        report("training the classifier, once for these pictures", 10 * second, 2_000)
    assert written.getvalue().splitlines() == [
        "training the classifier, once for these pictures: 50 of 2,000, 3 min left",
        "training the classifier, once for these pictures: 350 of 2,000, 3 min left",
        "training the classifier, once for these pictures: 650 of 2,000, 2 min left",
        "training the classifier, once for these pictures: 950 of 2,000, 105 s left",
    ]


def test_a_task_that_has_only_begun_has_no_count(clock: list[float]) -> None:
    report, written = log()
    clock[0] = 6.0
    report("comparing with real pictures", 0, 2)
    assert written.getvalue() == "comparing with real pictures …\n"


def test_quick_tasks_have_no_lines(clock: list[float]) -> None:
    report, written = log()
    for task in ("reading", "painting", "comparing"):
        clock[0] += 1.5
        report(task, 0, 10)
        report(task, 10, 10)
    assert written.getvalue() == ""


def test_many_quick_tasks_have_a_line_from_time_to_time(clock: list[float]) -> None:
    report, written = log()
    for number in range(12):
        clock[0] += 2
        report(f"task {number}", 1, 1)
    assert written.getvalue().splitlines() == ["task 2: 1 of 1", "task 5: 1 of 1", "task 8: 1 of 1", "task 11: 1 of 1"]


def test_without_a_terminal_there_is_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with task_progress() as report:
        report("preparing the pictures", 1, 2)
    assert capsys.readouterr() == ("", "")


def test_a_terminal_has_a_bar_that_is_gone_at_the_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Console, "is_terminal", True)
    with task_progress() as report:
        report("preparing the pictures", 1, 2)
        report("encoding the captions", 3, 4)
    shown = capsys.readouterr()
    assert "encoding the captions" in shown.err and "3/4" in shown.err and shown.out == ""
