"""The page's files: cached as long as may be, packed, and unable to reach outside."""

import gzip
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import NotFound

from painting.serving.static_files import StaticFiles

BROWSER = {"Accept": "text/html"}
SCRIPT_BUDGET = 65_000  # bytes of gzipped scripts


def assets(client: FlaskClient) -> list[str]:
    return re.findall(r'"\./(assets/[^"]+)"', client.get("/", headers=BROWSER).text)


def test_the_page_and_its_files_are_there(client: FlaskClient) -> None:
    found = assets(client)
    assert {Path(name).suffix for name in found} == {".css", ".js", ".svg"}
    types = {Path(name).suffix: client.get(f"/{name}").content_type for name in found}
    assert types == {
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".svg": "image/svg+xml; charset=utf-8",
    }


def test_hashed_names_are_cached_for_ever_and_the_page_is_revalidated(client: FlaskClient) -> None:
    for name in assets(client):
        assert client.get(f"/{name}").headers["Cache-Control"] == "public, max-age=31536000, immutable"
    page = client.get("/", headers=BROWSER)
    assert page.headers["Cache-Control"] == "no-cache"
    again = client.get("/", headers=BROWSER | {"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_scripts_are_compressed_for_clients_that_accept_it(client: FlaskClient) -> None:
    script = next(name for name in assets(client) if name.endswith(".js"))
    plain = client.get(f"/{script}")
    packed = client.get(f"/{script}", headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert len(packed.data) < SCRIPT_BUDGET


def test_the_page_may_load_from_its_own_origin_only(client: FlaskClient) -> None:
    for path in ("/", "/nothing", "/livez", *assets(client)):
        response = client.get(path, headers=BROWSER)
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "unsafe-inline" not in policy and "frame-ancestors 'none'" in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert not re.search(r"https?://", client.get("/", headers=BROWSER).text)


def test_a_package_without_a_built_page_answers_404(tmp_path: Path, client: FlaskClient) -> None:
    with client.application.test_request_context("/") as context, pytest.raises(NotFound):
        StaticFiles(tmp_path).response("index.html", context.request)
