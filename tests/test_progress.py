from typing import get_args

from painting.progress import ProgressCallback, TaskProgressCallback


def test_callbacks_take_counts_and_the_task_s_name_first() -> None:
    assert get_args(ProgressCallback) == ([int, int], None)
    assert get_args(TaskProgressCallback) == ([str, int, int], None)
