"""The page in a browser beside its server: from navigation to pictures, and from a key press to new ones."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from benchmarks.measuring import machine, spread

FRONTEND = Path(__file__).parents[1] / "frontend"
PACE = ("node", "node_modules/.bin/vitest", "run", "--config", "e2e/vitest.config.ts", "--mode", "pace")


def measure(rounds: int) -> dict[str, list[float]]:
    """Drive the page; milliseconds to the first pictures of each round, and of every key press."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "figures.json"
        wanted = {"PAINTING_FIGURES": str(file), "PAINTING_ROUNDS": str(rounds), "PAINTING_PYTHON": sys.executable}
        subprocess.run(PACE, cwd=FRONTEND, env=os.environ | wanted, check=True, stdout=sys.stderr)
        figures: dict[str, list[float]] = json.loads(file.read_text())
    return figures


def report(figures: dict[str, list[float]], about: dict[str, Any]) -> str:
    """Every line, in Markdown."""
    lines = {"first pictures after navigation": figures["first"], "new pictures after a key press": figures["keys"]}
    rows = [f"| {name} | {len(took)} | {spread(took)} |" for name, took in lines.items()]
    head = ["| from … to seen | times | ms: median (quartiles) |", "|---|---|---|"]
    return "\n".join([f"{about['cores']} cores with the browser on them", "", *head, *rows])


def main(rounds: Annotated[int, typer.Option(help="pages that are opened")] = 15) -> None:
    """Measure and tell."""
    print(report(measure(rounds), machine(threads=0)))


if __name__ == "__main__":
    typer.run(main)
