"""With the engine browser, the server sends a static site, and its API goes on beside it."""

import hashlib
import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from tests.conftest import MakePainter

from painting.errors import InvalidRequest
from painting.paint.painter import Painter
from painting.serving.app import create_app
from painting.serving.settings import Settings

BROWSER = {"Accept": "text/html", "Accept-Encoding": "gzip"}
SETTINGS = Settings(engine="browser", api_keys="key")


@pytest.fixture(scope="module")
def site_client(make_lasting_painter: MakePainter) -> FlaskClient:
    return create_app(str(make_lasting_painter("sent")), SETTINGS).test_client()


def test_the_page_paints_by_itself_and_is_isolated(site_client: FlaskClient) -> None:
    page = site_client.get("/", headers={"Accept": "text/html"})
    assert '<meta name="painting-engine" content="browser" />' in page.text
    for address in ("/", "/site.json", "/sw.js"):
        headers = site_client.get(address, headers=BROWSER).headers
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"


def test_all_that_the_index_names_is_sent_as_it_is(site_client: FlaskClient) -> None:
    index = json.loads(site_client.get("/site.json").data)
    (painter,) = index["painters"]
    encoder = index["encoders"]["minilm-l6"]
    for file in (index["runtime"], index["reading"], encoder["graph"], painter["file"], painter["examples"]):
        response = site_client.get(f"/{file['file']}")
        assert hashlib.sha256(response.data).hexdigest() == file["sha256"]
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    packed = site_client.get(f"/{index['runtime']['file']}", headers=BROWSER)
    assert (packed.content_type, packed.headers.get("Content-Encoding")) == ("application/gzip", None)
    assert site_client.get(painter["samples"]).content_type == "image/webp"


def test_the_api_goes_on_and_takes_its_keys(site_client: FlaskClient) -> None:
    assert site_client.get("/v1/painters").status_code == 401
    assert site_client.get("/v1/painters", headers={"Authorization": "Bearer key"}).status_code == 200
    assert site_client.get("/painters/none.painter").status_code == 404
    assert site_client.post("/site.json", json={}).status_code == 404


def test_a_picture_s_link_shows_that_picture_before_the_site_s_own(make_painter: MakePainter) -> None:
    client = create_app(str(make_painter("sent")), Settings(engine="browser")).test_client()
    html = client.get("/?prompt=a+rose&seed=7", headers={"Accept": "text/html"}).text
    assert html.index('property="og:title" content="a rose"') < html.index('content="Painting with Neural Nets"')


def test_a_server_that_paints_sends_no_painters(client: FlaskClient) -> None:
    assert client.get("/site.json").status_code == 404
    assert "Cross-Origin-Embedder-Policy" not in client.get("/", headers={"Accept": "text/html"}).headers


def test_an_open_painter_is_refused_as_it_has_no_file(tiny_painter: Path) -> None:
    with pytest.raises(InvalidRequest, match="an open painter cannot be sent to a browser"):
        create_app(Painter.load(tiny_painter), Settings(engine="browser"))
