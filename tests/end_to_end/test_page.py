"""The page in a real browser, on a real server with the painter that is bundled."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from painting import catalog

FRONTEND = Path(__file__).parents[2] / "frontend"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PATIENCE = 240  # seconds; a bound for what hangs, never a measure


def need(tool: str) -> str:
    """Find a program that pip cannot bring: without it the test is left out, but never where CI runs."""
    found = shutil.which(tool)
    if found is None:
        reason = f"{tool} is not installed; the page is tested in a browser by node and chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def run(*command: str, **environment: str) -> None:
    done = subprocess.run(
        command, cwd=FRONTEND, env=os.environ | environment, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def test_the_page_paints_in_a_browser(tiny_painter: Path, tmp_path: Path) -> None:
    """Everything a person does: type, press, choose, err; lose the server and find it again.

    Screenshots go to $PAINTING_SCREENSHOTS.
    """
    node, npm, chromium = need("node"), need("npm"), need(CHROMIUM)
    if not (FRONTEND / "node_modules/playwright-core").exists():
        run(npm, "ci", "--no-audit", "--no-fund")
    painter = catalog.default_name() if catalog.names() else str(tiny_painter)
    screenshots = os.environ.get("PAINTING_SCREENSHOTS", str(tmp_path / "screenshots"))
    server = (sys.executable, "-m", "painting", "serve", "--painter", painter)
    run(node, "e2e/page.mjs", screenshots, *server, CHROMIUM=chromium)
