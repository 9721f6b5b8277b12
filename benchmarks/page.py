"""Benchmark of the page in a browser: latency from navigation, and from a key press, to new pictures."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from benchmarks.measuring import machine, spread

FRONTEND_FOLDER = Path(__file__).parents[1] / "frontend"
BENCH_COMMAND = ("node", "node_modules/.bin/vitest", "run", "--config", "e2e/vitest.config.ts", "--mode", "bench")


def measure(rounds: int, engine: str) -> dict[str, list[float]]:
    """Latencies in ms from a browser: of each round's first pictures, of each key press's first picture and grid."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "figures.json"
        variables = {
            "PAINTING_FIGURES": str(file),
            "PAINTING_ROUNDS": str(rounds),
            "PAINTING_PYTHON": sys.executable,
            "PAGE_ENGINE": engine,
        }
        subprocess.run(BENCH_COMMAND, cwd=FRONTEND_FOLDER, env=os.environ | variables, check=True, stdout=sys.stderr)
        figures: dict[str, list[float]] = json.loads(file.read_text())
    return figures


def report(figures: dict[str, list[float]], about: dict[str, Any]) -> str:
    """Markdown table of the latencies."""
    lines = {
        "first pictures after navigation": figures["first"],
        "first new picture after a key press": figures["keys"],
        "all new pictures after a key press": figures["grids"],
    }
    rows = [f"| {name} | {len(latencies)} | {spread(latencies)} |" for name, latencies in lines.items()]
    head = ["| latency | samples | ms: median (quartiles) |", "|---|---|---|"]
    return "\n".join([f"{about['cores']} cores, shared with the browser", "", *head, *rows])


def main(
    rounds: Annotated[int, typer.Option(help="number of page loads")] = 15,
    engine: Annotated[
        str, typer.Option(help="what paints: server, browser (a static site, on one thread) or browser-threads")
    ] = "server",
) -> None:
    """Measure the latencies and print them as a Markdown table."""
    print(report(measure(rounds, engine), machine(threads=0)))


if __name__ == "__main__":
    typer.run(main)
