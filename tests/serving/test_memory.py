"""What has been freed goes back to the system, however large the largest was."""

import subprocess
import sys
import textwrap

import pytest

HELD_AFTER_A_CROWD = """
    import psutil
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier
    from painting.serving.memory import keep_little
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


RINGS = """
    import gc
    from painting.serving.memory import collect_often
    old = [[] for _ in range(200_000)]
    gc.collect()
    {told}
    alive = most = 0

    class Ring:
        def __init__(self):
            global alive, most
            self.itself, alive = self, alive + 1
            most = max(most, alive)

        def __del__(self):
            global alive
            alive -= 1

    waiting = []
    for _ in range(60_000):  # each grows old before it is let go of
        waiting.append(Ring())
        if len(waiting) > 2_000:
            del waiting[0]
    print(most)
"""


def most_rings(told: str) -> int:
    """How many rings of objects a process held at most, which nobody needed after a while."""
    code = textwrap.dedent(RINGS.format(told=told))
    return int(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


def test_rings_of_objects_are_collected_before_there_are_many() -> None:
    assert most_rings("collect_often()") < most_rings("") / 2
