"""What has been freed goes back to the system, however large the largest was."""

import subprocess
import sys
import textwrap

import pytest

HELD_AFTER_A_CROWD = """
    import psutil
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier
    from painting.serving.process.memory import keep_little
    {told}
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


def held(told: str) -> int:
    """Bytes that a process of 16 threads holds after they have made large answers, and have let go of them."""
    code = textwrap.dedent(HELD_AFTER_A_CROWD.format(told=told))
    return int(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc can be told")
def test_threads_that_have_made_large_answers_hold_little_of_them() -> None:
    assert held("keep_little()") < held("") / 2
