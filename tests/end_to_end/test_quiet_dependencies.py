"""No command makes a dependency write into the home, resolve a host or print: in a fresh home, without a network."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.end_to_end.fresh_home import FreshHome
from tests.serving.running import Server

from painting.cli import run

pytestmark = pytest.mark.slow

LOAD_AND_RUN = """
import json, sys
import painting
painting.load("shapes").paint("a red circle", 1, 1)

from painting.cli import run
for arguments in json.loads(sys.argv[1]):
    code = run(arguments)
    assert code == 0, (arguments, code)
"""
COMMANDS = [
    ["paint", "a red circle", "-p", "shapes", "-n", "1", "-s", "1"],
    ["morph", "a red circle", "a blue square", "-p", "shapes", "--steps", "2", "-o", "morph.webp"],
    ["doctor"],
    ["data", "check", "set"],
    ["data", "split", "set"],
    ["text-encoder", "list"],
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a folder `set` of captioned pictures."""
    draws = np.random.default_rng(0)
    pictures = tmp_path / "set"
    pictures.mkdir()
    for number in range(30):
        Image.fromarray(draws.integers(0, 255, (20, 20, 3), np.uint8)).save(pictures / f"{number}.png")
        (pictures / f"{number}.txt").write_text(f"a {['red', 'blue'][number % 2]} {['ball', 'box', 'cup'][number % 3]}")
    return tmp_path


def test_python_and_the_commands_of_the_default_install_are_quiet(tmp_path: Path, folder: Path) -> None:
    FreshHome(tmp_path / "fresh").run(folder, "-c", LOAD_AND_RUN, json.dumps(COMMANDS))


def test_evaluating_is_quiet(tmp_path: Path, folder: Path, tiny_painter: Path) -> None:
    assert run(["data", "split", str(folder / "set")]) == 0
    FreshHome(tmp_path / "fresh").run(
        folder,
        *("-m", "painting", "evaluate", str(tiny_painter), "--data", "set", "--out", "report", "--no-download"),
        *("--extractors", "efficientnet", "--pictures", "4", "--generations", "1"),
    )


def test_serving_is_quiet(tmp_path: Path, tiny_painter: Path) -> None:
    fresh = FreshHome(tmp_path / "fresh")
    server = Server(tiny_painter, **fresh.environment)
    try:
        server.get()
    finally:
        server.process.terminate()
    code, output = server.end()
    assert code == 0
    fresh.assert_quiet(output)
