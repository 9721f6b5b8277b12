"""Callbacks count, and durations are said in words."""

from typing import get_args

import pytest

from painting.progress import ProgressCallback, TaskProgressCallback, describe_duration, no_progress


def test_callbacks_take_counts_and_the_task_s_name_first() -> None:
    assert get_args(ProgressCallback) == ([int, int], None)
    assert get_args(TaskProgressCallback) == ([str, int, int], None)
    no_progress("painting", 1, 2)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "1 s"),
        (40.4, "40 s"),
        (119.0, "119 s"),
        (125.0, "2 min"),
        (3569.0, "59 min"),
        (3599.0, "1 h 00 min"),
        (7500.0, "2 h 05 min"),
        (100_000.0, "27 h 47 min"),
    ],
)
def test_a_duration_is_said_in_its_largest_units(seconds: float, words: str) -> None:
    assert describe_duration(seconds) == words
