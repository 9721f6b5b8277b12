"""Freed memory is taken again without asking the system for it."""

import platform
import subprocess
import sys

import pytest

from painting.training.memory import keep_freed_memory

COUNT_FAULTS = """
import resource, sys
import torch
from painting.training.memory import keep_freed_memory

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    torch.ones(16, 1 << 20)  # 64 MiB: 16,384 pages
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

given_back = [faults() for _ in range(3)][-1]
assert keep_freed_memory()
kept = [faults() for _ in range(3)][-1]
print(given_back, kept)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library cannot be told")
def test_a_tensor_freed_leaves_its_memory_to_the_next() -> None:
    told = subprocess.run([sys.executable, "-c", COUNT_FAULTS], capture_output=True, text=True, check=True)
    given_back, kept = map(int, told.stdout.split())
    assert kept < given_back / 10


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("painting.training.memory.platform.libc_ver", lambda: ("", ""))
    assert not keep_freed_memory()
