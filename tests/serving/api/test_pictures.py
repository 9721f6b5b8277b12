"""`GET /v1/pictures` is a picture: cacheable, negotiated, and with a signature open without a key."""

import base64
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from painting.images import EXIF_IMAGE_DESCRIPTION, decode_png, read_png_text
from painting.paint.painter import Painter
from painting.serving.app import create_app
from painting.serving.settings import Settings
from painting.serving.state import state_of

PATH = "/v1/pictures"
GENERATIONS_PATH = "/v1/images/generations"
CHROMIUM_IMAGE_ACCEPT = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"
KEY = {"Authorization": "Bearer key"}


@pytest.fixture
def keyed_client(painter: Painter) -> Iterator[FlaskClient]:
    """A client of a server that requires the key "key"."""
    app = create_app(painter, Settings(api_keys="key"))
    yield app.test_client()
    state_of(app).service.renderer.close()


def get(client: FlaskClient, headers: dict[str, str] | None = None, /, **query: object) -> TestResponse:
    return client.get(PATH, query_string={"prompt": "a rose", **query}, headers=headers)


def post(client: FlaskClient, headers: dict[str, str] | None = None, /, **body: object) -> dict[str, Any]:
    wanted = {"prompt": "a rose", "response_format": "url"} | body
    response = client.post(GENERATIONS_PATH, json=wanted, headers=headers)
    assert response.status_code == 200 and response.json is not None, response.text
    answer: dict[str, Any] = response.json
    return answer


def linked_path(answer: dict[str, Any], index: int = 0) -> str:
    parts = urlsplit(answer["data"][index]["url"])
    return f"{parts.path}?{parts.query}"


def test_an_address_with_a_seed_is_the_painters_picture(client: FlaskClient, painter: Painter) -> None:
    response = get(client, seed=7)
    assert (response.status_code, response.content_type) == (200, "image/png")
    assert (decode_png(response.data) == painter.paint("a rose", 1, 7).arrays[0]).all()
    assert (response.headers["X-Painting-Model"], response.headers["X-Painting-Seed"]) == ("tiny", "7")


@pytest.mark.parametrize(
    ("query", "accept", "kind"),
    [
        ({}, "*/*", "PNG"),
        ({}, CHROMIUM_IMAGE_ACCEPT, "WEBP"),
        ({}, "image/jpeg, image/png;q=0.5", "JPEG"),
        ({}, "image/gif", "PNG"),
        ({"format": "jpeg"}, CHROMIUM_IMAGE_ACCEPT, "JPEG"),
        ({"format": "png", "size": "48x32", "fit": "contain"}, CHROMIUM_IMAGE_ACCEPT, "PNG"),
    ],
)
def test_the_kind_of_file_is_named_or_accepted(
    client: FlaskClient, query: dict[str, str], accept: str, kind: str
) -> None:
    response = get(client, {"Accept": accept}, seed=7, **query)
    assert response.content_type == f"image/{kind.lower()}"
    image = Image.open(io.BytesIO(response.data))
    assert (image.format, image.size) == (kind, (48, 32) if "size" in query else (16, 16))
    assert ("Accept" in response.vary) == ("format" not in query), "a cache must know what selects the file"


def test_a_picture_with_a_seed_is_cached_and_revalidated(client: FlaskClient) -> None:
    first = get(client, seed=7)
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    again = get(client, {"If-None-Match": first.headers["ETag"]}, seed=7)
    assert (again.status_code, again.data) == (304, b"")
    assert get(client, {"If-None-Match": first.headers["ETag"]}, seed=8).status_code == 200
    head = client.head(PATH, query_string={"prompt": "a rose", "seed": 7})
    assert (head.status_code, head.content_length, head.data) == (200, len(first.data), b"")


@pytest.mark.parametrize("query", [{}, {"seed": -1}, {"seed": 7, "subseed_strength": 0.5}])
def test_a_random_picture_is_not_cached(client: FlaskClient, query: dict[str, object]) -> None:
    response = get(client, **query)
    assert response.headers["Cache-Control"] == "no-store" and "ETag" not in response.headers
    stated = {"seed": response.headers["X-Painting-Seed"], "subseed": response.headers.get("X-Painting-Subseed", "")}
    assert get(client, **{**query, **stated}).data == response.data


@pytest.mark.parametrize(
    ("query", "status", "message"),
    [
        ({"prompt": ""}, 400, "empty"),
        ({"size": "9999x64"}, 400, "the width must be"),
        ({"size": "big"}, 400, "WIDTHxHEIGHT"),
        ({"format": "gif"}, 400, "one of png, webp, jpeg"),
        ({"model": "none"}, 404, "choose one of tiny"),
    ],
)
def test_what_cannot_be_painted_is_refused(
    client: FlaskClient, query: dict[str, str], status: int, message: str
) -> None:
    response = get(client, **query)
    assert response.status_code == status and message in response.text


@pytest.mark.parametrize(
    "fields",
    [
        {"seed": 7},
        {"seed": 7, "size": "48x32", "fit": "contain", "truncation": 0.5},
        {"seed": 2**40 + 7, "size": "64x64", "output_format": "webp", "output_compression": 40},
        {"seed": 7, "subseed": 3, "subseed_strength": 0.25, "output_format": "jpeg", "size": "32x48"},
    ],
)
def test_a_link_is_the_picture_that_it_stands_for(client: FlaskClient, fields: dict[str, object]) -> None:
    linked = client.get(linked_path(post(client, **fields)), headers={"Accept": CHROMIUM_IMAGE_ACCEPT})
    direct = post(client, **fields, response_format="b64_json")["data"][0]
    assert linked.status_code == 200 and linked.data == base64.b64decode(direct["b64_json"])


def test_a_files_own_text_is_the_query_that_paints_it_again(client: FlaskClient) -> None:
    first = get(client, seed=7, size="48x32", fit="contain", truncation=0.5, format="png")
    text = read_png_text(first.data)
    text.pop("parameters")
    assert get(client, **{**text, "model": text.pop("painter"), "format": "png"}).data == first.data
    webp = get(client, seed=7, size="48x32", format="webp")
    assert '"size": "48x32"' in Image.open(io.BytesIO(webp.data)).getexif()[EXIF_IMAGE_DESCRIPTION]


def test_a_link_of_several_pictures_is_one_each(client: FlaskClient, painter: Painter) -> None:
    answer = post(client, n=3, seed=7)
    for index, array in enumerate(painter.paint("a rose", 3, 7).arrays):
        assert (decode_png(client.get(linked_path(answer, index)).data) == array).all()


def test_a_link_needs_no_key_and_no_other_address_has_its_signature(keyed_client: FlaskClient) -> None:
    path = linked_path(post(keyed_client, KEY, seed=7))
    linked = keyed_client.get(path)
    assert linked.status_code == 200 and linked.headers["Cache-Control"] == "private, max-age=3600"
    query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
    reordered = urlencode(dict(reversed(query.items()))).replace("+", "%20")
    assert keyed_client.get(f"{PATH}?{reordered}").status_code == 200, "proxies may write it in another way"
    for changed in ({"seed": "8"}, {"prompt": "a tulip"}, {"size": "64x64"}, {"signature": "x"}, {"signature": "ä"}):
        refused = get(keyed_client, **(query | changed))
        assert refused.status_code == 401 and "signature" in refused.text
    for other in ("/", "/v1/models", "/sdapi/v1/samplers"):
        assert keyed_client.get(other, query_string=query).status_code == 401
    unsigned = get(keyed_client, seed=7)
    assert unsigned.status_code == 401 and "API key" in unsigned.text
    assert get(keyed_client, KEY, seed=7).status_code == 200


def test_another_process_of_one_secret_answers_a_link(painter: Painter) -> None:
    settings = Settings(url_secret="shared", public_url="https://pictures.example/", api_keys="key")
    one, other = (create_app(painter, settings).test_client() for _ in range(2))
    answer = post(one, KEY, seed=7)
    assert answer["data"][0]["url"].startswith("https://pictures.example/v1/pictures?")
    assert other.get(linked_path(answer)).data == get(one, KEY, seed=7, format="png").data


def test_a_proxy_is_believed_only_where_it_is_trusted(painter: Painter) -> None:
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "example.org"}
    for networks, begins in (("", "http://localhost/"), ("127.0.0.0/8", "https://example.org/")):
        client = create_app(painter, Settings(trusted_proxies=networks)).test_client()
        assert post(client, forwarded)["data"][0]["url"].startswith(begins)


@pytest.mark.parametrize("host", ["", " ", "a b", 'x"y', "evil.org/path", "a@b", "x, y"])
def test_a_host_that_can_be_none_is_not_linked_to(client: FlaskClient, host: str) -> None:
    assert post(client, {"Host": host})["data"][0]["url"].startswith("http://localhost:80/v1/pictures?")
