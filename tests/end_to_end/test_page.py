"""The page in a real browser, on a real server with the painters that are bundled."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

FRONTEND = Path(__file__).parents[2] / "frontend"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
TESTS = ("node_modules/.bin/vitest", "run", "--config", "e2e/vitest.config.ts", "--no-color")
SITE_SPECS = ("site.spec", "painting.spec", "morph.spec")  # of some minutes; `npm run e2e` runs all that apply
PATIENCE = 1800  # seconds; a bound for what hangs, never a measure


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


def test_the_page_does_in_a_browser_what_it_says() -> None:
    """Everything in frontend/e2e: paint, hold on, morph, keep, err, and all of it by keyboard, checked by axe.

    Screenshots go to $PAINTING_SCREENSHOTS, or else to build/screenshots.
    """
    run_specs()


def test_a_static_site_paints_the_same_in_the_browser() -> None:
    """The same tests of painting and morphs, where the browser paints, and those of a static site alone."""
    run_specs(*SITE_SPECS, PAGE_ENGINE="browser")


def run_specs(*names: str, **environment: str) -> None:
    node, npm, chromium = need("node"), need("npm"), need(CHROMIUM)
    if not (FRONTEND / "node_modules/axe-core").exists():
        run(npm, "ci", "--no-audit", "--no-fund")
    run(node, *TESTS, *names, CHROMIUM=chromium, PAINTING_PYTHON=sys.executable, **environment)
