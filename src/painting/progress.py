"""Progress callbacks of long-running work; an exception that one raises ends the work."""

from collections.abc import Callable

ProgressCallback = Callable[[int, int], None]
"""Called with (items done, items in all)."""
TaskProgressCallback = Callable[[str, int, int], None]
"""Called with (the task's name, items done, items in all)."""
