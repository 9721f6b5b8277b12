"""A page of another origin, which is allowed, calls the APIs with a key in a real browser."""

import html
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import MakePainter
from tests.serving.running import serving

pytestmark = pytest.mark.slow

CHROMIUM = shutil.which(os.environ.get("CHROMIUM", "chromium"))
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=20000", "--dump-dom")
TIMEOUT_SECONDS = 120  # a bound for what hangs, never a measure
ALLOWED = {
    "models": "tiny",
    "generations": "96x64",
    "txt2img": 200,
    "header": "16x16",
    "refused": "invalid_api_key",
    "link": 96,
}


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves this folder without a line for each request."""

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def page_port() -> Iterator[int]:
    """The port of a server of the page."""
    handler = partial(QuietHandler, directory=str(Path(__file__).parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def results_of(page: str, profile: Path) -> dict[str, Any]:
    """What the page has found out in a browser."""
    assert CHROMIUM is not None
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", page]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS)
    found = re.search(r'<pre id="results">(.+?)</pre>', done.stdout)
    assert found, done.stdout + done.stderr
    results: dict[str, Any] = json.loads(html.unescape(found[1]))
    return results


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_a_page_of_an_allowed_origin_calls_every_api(
    make_lasting_painter: MakePainter, page_port: int, tmp_path: Path
) -> None:
    origins = ("--cors-origin", "https://example.org", "--cors-origin", f"http://localhost:{page_port}")
    with serving(make_lasting_painter(), *origins, PAINTING_API_KEYS="key") as server:
        page = f"http://localhost:{page_port}/other_origin.html?server={server.address}"
        assert results_of(page, tmp_path / "profile") == ALLOWED
