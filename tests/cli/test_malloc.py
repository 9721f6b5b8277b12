"""Freed buffers stay with a process that trains."""

import subprocess
import sys
import textwrap

import pytest

from painting.cli.malloc import retain_malloc

PAGE_FAULTS = """
    import resource
    import numpy as np
    from painting.cli.malloc import retain_malloc
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
    """How many pages a process requests in twenty steps that need the same buffers."""
    code = textwrap.dedent(PAGE_FAULTS.format(call=call))
    return int(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="glibc alone has mallopt")
def test_a_step_requests_hardly_any_page_of_the_system_again() -> None:
    assert pages("retain_malloc()") < pages("") / 10


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("painting.cli.malloc.ctypes.CDLL", lambda name: object())
    assert retain_malloc() is False
