"""Progress of a command's tasks on standard error: a bar on a terminal, elsewhere a line from time to time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from painting.progress import LOG_INTERVAL_SECONDS, TaskProgressCallback, describe_duration

if TYPE_CHECKING:
    from rich.console import Console

FIRST_LINE_SECONDS = 5.0
"""After so long a log names the task at hand; what is quicker needs no line."""


@contextmanager
def task_progress() -> Iterator[TaskProgressCallback]:
    """A callback that shows the task at hand, with the time that it still takes."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield TaskLog(console)
        return
    with _bar(console) as report:
        yield report


@contextmanager
def _bar(console: "Console") -> Iterator[TaskProgressCallback]:
    """One bar, of the task at hand, that is gone at the end."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        bar = bars.add_task("getting ready", total=None)
        current = ""

        def report(task: str, done: int, total: int) -> None:
            nonlocal current
            if task != current:
                current = task
                bars.reset(bar, description=task, total=total)
            bars.update(bar, completed=done, total=total)

        yield report


class TaskLog:
    """Prints a line for a task that has begun some seconds after the last line, and one every LOG_INTERVAL_SECONDS."""

    def __init__(self, console: "Console") -> None:
        self.console = console
        self._task = self._printed_task = ""
        self._task_start = self._last_line = time.monotonic()
        self._done_at_start = 0

    def __call__(self, task: str, done: int, total: int) -> None:
        """Count items of a task as done."""
        now = time.monotonic()
        if task != self._task:
            self._task, self._task_start, self._done_at_start = task, now, done
        silence = LOG_INTERVAL_SECONDS if task == self._printed_task else FIRST_LINE_SECONDS
        if now - self._last_line < silence:
            return
        self._printed_task, self._last_line = task, now
        count = f": {done:,} of {total:,}{self._time_left(now, done, total)}" if done else " …"
        line = f"{task}{count}"
        self.console.print(line, soft_wrap=True, highlight=False, markup=False)

    def _time_left(self, now: float, done: int, total: int) -> str:
        worked = done - self._done_at_start
        if worked <= 0 or done >= total:
            return ""
        return f", {describe_duration((now - self._task_start) / worked * (total - done))} left"
