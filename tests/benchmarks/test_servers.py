"""How benchmarks.serve watches servers, and what its report makes of what it found."""

import sys
from collections import Counter

import psutil  # type: ignore[import-untyped]
import pytest
from benchmarks.load import Load
from benchmarks.serve_report import report
from benchmarks.serve_turns import Alone, Turn
from benchmarks.servers import Server, ServerFailed, growth, painting_server


def test_growth_is_the_slope_of_what_came_after() -> None:
    wild = [(float(second), 1000.0 - 50 * second) for second in range(10)]
    steady = [(float(second), 300.0 + 0.5 * second) for second in range(10, 60)]
    assert growth(wild + steady, 10) == pytest.approx(30)
    assert growth(steady[:1], 0) != growth(steady[:1], 0)  # one sample tells nothing


def test_memory_counts_children_too() -> None:
    with psutil.Popen([sys.executable, "-c", PARENT_SCRIPT], stdin=-1, stdout=-1) as process:
        process.stdout.readline()
        alone = Server("", psutil.Process(process.children()[0].pid)).memory()
        assert Server("", psutil.Process(process.pid)).memory() > alone > 50
        process.communicate()


PARENT_SCRIPT = """
import subprocess, sys
child = "import sys; held = b'x' * 60 * 2**20; print(flush=True); sys.stdin.read()"
held = subprocess.Popen([sys.executable, "-c", child], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
held.stdout.readline()
print(flush=True)
sys.stdin.read()
"""


def test_a_server_that_does_not_begin_says_why() -> None:
    with pytest.raises(ServerFailed, match="no-such-painter"), painting_server("no-such-painter"):
        pass


def load(clients: int, pictures: int, latency: float) -> Load:
    """A window of ten seconds."""
    return Load(clients, 0, 10, [latency] * 20, pictures)


def test_the_report_compares_what_one_round_found() -> None:
    turns = [
        Turn(
            Alone([0.05 * pace] * 4, [0.1 * pace] * 4),
            {"1": load(1, 400, 0.06 * pace), "8": load(8, 400, 0.5), "64": load(64, int(450 / pace), 4)},
            {"1": load(1, 40, 0.9 * pace), "8": load(8, 50, 5)},
        )
        for pace in (1, 2)  # the machine is half as fast in the second round
    ]
    long = load(500, 400, 5)
    long.rejected, long.errors = Counter({503: 7}), Counter({"status 500": 2})
    found = {
        "painter": "flowers", "px": 64, "cores": 2, "minutes": 1.0, "turns": turns, "memory_at_rest_mib": 200.0,
        "deadline_seconds": 8,
        "steady": {
            "load": long, "memory_mib": {"begun": 210.0, "most": 260.0, "ended": 250.0}, "client_cores": 0.1,
            "memory_growth_mib_per_minute": 0.25, "server_cores": 1.8, "client_ms_per_request": 0.4,
        },
    }  # fmt: skip
    text = report(found)
    for line in (
        "over `Painter.paint` alone: 1.20 (1.20 … 1.20)",
        "64 clients' pictures/s over the plain loop's: 0.90 (0.90 … 0.90)",
        "pictures/s over the thesis's, clients: 8: 8.00",
        "p50 over the thesis's, clients: 1: 0.07",
        "| painting serve | 500 | 40.0 | 5000 | 5000 | 7 × 503 | 2 × status 500 |",
        "2 errors; p99 5.00 s of the deadline's 8 s",
        "at most 260, 250 at its end; +0.2 MiB a minute",
    ):
        assert line in text, text
