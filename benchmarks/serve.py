"""Throughput, latency and memory of `painting serve`, beside `Painter.paint` alone and beside the thesis's server.

    python -m benchmarks.serve [--painter NAME] [--rounds 4] [--steady-seconds 300] [--json FILE]

All sides live at the same time and take turns, round by round; the clients and the painter alone are in this process,
each server has its own. README.md beside this file says what each line means and what the numbers do not say.
"""

import argparse
import json
import signal
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.load import Plan, run
from benchmarks.measuring import machine
from benchmarks.serve_report import report
from benchmarks.serve_turns import PICTURES_PER_REQUEST, run_round, time_painter
from benchmarks.servers import MemoryWatch, Server, growth, painting_server, thesis_server

from painting.errors import PaintingError
from painting.onnx_session import available_cores
from painting.paint.painter import Painter
from painting.painters import catalog
from painting.serving.settings import Settings

SETTLED_FRACTION = 0.2
"""Fraction of the steady load after which memory must no longer grow."""
STEADY_CLIENTS = 500


def steady(server: Server, seconds: float) -> dict[str, Any]:
    """Run many clients for long, and sample memory and CPU time meanwhile."""
    processor, begun = server.processor_seconds(), time.monotonic()
    with MemoryWatch(server) as watch:
        load = run(
            server.address,
            Plan(STEADY_CLIENTS, PICTURES_PER_REQUEST, ramp_seconds=0, seconds=seconds, timeout_seconds=90),
        )
    took = time.monotonic() - begun
    sizes = [size for _, size in watch.samples]
    settled = SETTLED_FRACTION * seconds
    return {
        "load": load,
        "memory_mib": {"begun": sizes[0], "most": max(sizes), "ended": sizes[-1]},
        "memory_growth_mib_per_minute": growth(watch.samples, settled),
        "memory_samples": [(round(at, 1), round(size, 1)) for at, size in watch.samples],
        "server_cores": (server.processor_seconds() - processor) / took,
        "client_cores": load.client_seconds / took,
        "client_ms_per_request": 1000 * load.client_seconds / max(1, load.requests),
    }


def measure(painter: Painter, options: argparse.Namespace) -> dict[str, Any]:
    """Run all rounds, then the steady load."""
    with painting_server(options.painter) as ours:
        memory = ours.memory()
        time_painter(painter, 0, 0)
        if options.without_thesis:
            turns = [run_round(painter, ours, None, number) for number in range(options.rounds)]
        else:
            with thesis_server() as theirs:
                turns = [run_round(painter, ours, theirs, number) for number in range(options.rounds)]
        found = steady(ours, options.steady_seconds)
    return {"turns": turns, "steady": found, "memory_at_rest_mib": memory}


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="`painting serve` under load, beside the painter alone and the thesis."
    )
    parser.add_argument("--painter", help="a bundled painter's name or a painter file (default: flowers)")
    parser.add_argument("--rounds", type=int, default=4, help="rounds, at least 2 (default: 4)")
    parser.add_argument("--steady-seconds", type=float, default=300, help="seconds of the long load (default: 300)")
    parser.add_argument("--without-thesis", action="store_true", help="leave out the thesis's server")
    parser.add_argument("--json", type=Path, help="also write what was found as JSON")
    given = parser.parse_args()
    if given.rounds < 2:
        parser.error("at least 2 rounds")
    return given


def main() -> None:
    """Measure, print the report, and write the JSON file."""
    options = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that its servers end with it
    try:
        painter = Painter.load(options.painter or catalog.default_name())
    except PaintingError as problem:
        raise SystemExit(f"error: {problem}") from problem
    begun = time.monotonic()
    found = measure(painter, options)
    found |= {
        "deadline_seconds": Settings.from_environment().deadline_seconds,
        "painter": painter.name,
        "px": painter.size,
        **machine(available_cores()),
    }
    found["minutes"] = (time.monotonic() - begun) / 60
    print(report(found))
    if options.json:
        options.json.write_text(json.dumps(found, indent=2, default=vars) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
