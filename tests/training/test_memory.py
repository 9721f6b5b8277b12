"""What a step has freed, the next one gets back without the system's having to clear it anew."""

import subprocess
import sys
import textwrap

import pytest

from painting.training.memory import keep_freed

PAGES_ASKED_FOR = """
    import resource
    import numpy as np
    from painting.training.memory import keep_freed
    {told}

    def step():
        return np.ones(2_000_000) + np.ones(2_000_000)  # 16 MB each, far more than malloc keeps by itself

    step()
    begun = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        step()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - begun)
"""


def pages(told: str) -> int:
    """How many pages a process asks the system for in twenty steps that need the same buffers."""
    code = textwrap.dedent(PAGES_ASKED_FOR.format(told=told))
    return int(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc can be told")
def test_a_step_asks_the_system_for_hardly_any_page_again() -> None:
    assert pages("keep_freed()") < pages("") / 10


def test_a_system_that_cannot_be_told_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("painting.training.memory.ctypes.CDLL", lambda name: object())
    assert keep_freed() is False
