"""Freed buffers stay with a process that trains, and leave one that serves."""

import subprocess
import sys
import textwrap

import pytest

from painting.malloc import limit_malloc, retain_malloc

PAGES_ASKED_FOR = """
    import resource
    import numpy as np
    from painting.malloc import retain_malloc
    {call}

    def step():
        return np.ones(2_000_000) + np.ones(2_000_000)  # 16 MB each, far more than malloc keeps by itself

    step()
    begun = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        step()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - begun)
"""


def pages(call: str) -> int:
    """How many pages a process asks the system for in twenty steps that need the same buffers."""
    code = textwrap.dedent(PAGES_ASKED_FOR.format(call=call))
    return int(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="glibc alone has mallopt")
def test_a_step_requests_hardly_any_page_of_the_system_again() -> None:
    assert pages("retain_malloc()") < pages("") / 10


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("painting.malloc.ctypes.CDLL", lambda name: object())
    assert retain_malloc() is False
    assert limit_malloc() is False


HELD_AFTER_A_CROWD = """
    import psutil
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier
    from painting.malloc import limit_malloc
    {call}
    begun, all_there = psutil.Process().memory_info().rss, Barrier(16)

    def answer(number):
        for size in range(100_000, 1_000_000, 100_000):
            parts = [b"x" * size for _ in range(4)]
            del parts
        kept = [b"x" * 200_000, b"y" * 100]
        all_there.wait()
        return kept[1]

    with ThreadPoolExecutor(16) as threads:
        small = list(threads.map(answer, range(16)))
        print(psutil.Process().memory_info().rss - begun)
"""


def held(call: str) -> int:
    """Bytes that a process of 16 threads holds after they have made large answers, and have let go of them."""
    code = textwrap.dedent(HELD_AFTER_A_CROWD.format(call=call))
    return int(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="glibc alone has mallopt")
def test_threads_that_have_made_large_answers_hold_little_of_them() -> None:
    assert held("limit_malloc()") < held("") / 2
