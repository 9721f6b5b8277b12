"""Progress of long-running work: callbacks, of which an exception ends the work, and durations in words."""

from collections.abc import Callable

ProgressCallback = Callable[[int, int], None]
"""Called with (items done, items in all)."""
TaskProgressCallback = Callable[[str, int, int], None]
"""Called with (the task's name, items done, items in all)."""
LOG_INTERVAL_SECONDS = 30.0
"""The longest silence of a command whose output is no terminal."""


def no_progress(task: str, done: int, total: int) -> None:
    """Report nothing."""


def describe_duration(seconds: float) -> str:
    """A duration in words, to whole minutes from two minutes on: "40 s", "12 min", "2 h 05 min"."""
    if seconds < 120:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"
