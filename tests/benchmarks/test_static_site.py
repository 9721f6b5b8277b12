"""The visitors of benchmarks.static_site: what they request, and what counts as a failure."""

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import urlopen

import pytest
from benchmarks.load import Plan
from benchmarks.static_site import nginx, row, visit, visited

from painting.site.build import StaticSite
from painting.site.files import SiteFile

PAGE_FILES = ("index.html", "site.json", "assets/a-1.js", "assets/a-1.css", "assets/a-1.svg", "painters/a.painter")
SITE = StaticSite(tuple(SiteFile(address, b"content") for address in PAGE_FILES), frozenset())
PLAN = Plan(clients=3, count=1, ramp_seconds=0.1, seconds=0.5)


class Quiet(SimpleHTTPRequestHandler):
    """A file server of kept connections without a log."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *values: object) -> None:
        """Log nothing."""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "site.json").write_text("{}")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_visit_is_the_page_its_index_scripts_and_styles() -> None:
    assert visited(SITE) == ["/", "/site.json", "/assets/a-1.js", "/assets/a-1.css"]


def test_answers_are_counted_and_timed(address: str) -> None:
    load = visit(address, ["/site.json"], PLAN)
    assert load.pictures > 3 and not load.errors
    assert row("files", load).startswith("| files | 3 | ") and row("files", load).endswith(" | 0 | 0 |")


def test_any_other_status_is_a_failure(address: str) -> None:
    load = visit(address, ["/none.js"], PLAN)
    assert load.errors["BrokenAnswer"] >= 3 and load.pictures == 0


def test_nginx_serves_the_site_s_folder() -> None:
    if shutil.which("nginx") is None:
        reason = "nginx is not installed"
        pytest.skip(reason)
    with nginx(SITE) as address, urlopen(f"{address}/painters/a.painter", timeout=60) as response:
        assert response.read() == b"content"
