"""A signed link reproduces its picture, and leads to the address by which a client reached the server."""

import base64

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from painting.images import decode_png
from painting.paint.painter import Painter
from painting.serving.app import create_app
from painting.serving.settings import Settings
from painting.serving.state import state_of

PATH = "/v1/images/generations"


def ask(client: FlaskClient, **body: object) -> TestResponse:
    return client.post(PATH, json={"prompt": "a rose", "response_format": "url"} | body)


def linked_url(response: TestResponse) -> str:
    assert response.status_code == 200 and response.json is not None, response.text
    return str(response.json["data"][0]["url"])


def test_another_process_of_one_secret_answers_a_link(painter: Painter) -> None:
    settings = Settings(url_secret="shared", public_url="https://pictures.example/", api_keys="key")
    one, other = (create_app(painter, settings).test_client() for _ in range(2))
    key = {"Authorization": "Bearer key"}
    found = one.post(PATH, json={"prompt": "a rose", "seed": 7, "response_format": "url"}, headers=key).json
    assert found is not None
    url = found["data"][0]["url"].removeprefix("https://pictures.example")
    linked = other.get(url)
    assert (linked.status_code, linked.content_type) == (200, "image/png")
    direct = one.post(PATH, json={"prompt": "a rose", "seed": 7}, headers=key).json
    assert direct is not None and base64.b64decode(direct["data"][0]["b64_json"]) == linked.data


def test_a_link_without_a_valid_signature_is_404(client: FlaskClient, app: APIFlask) -> None:
    url = linked_url(ask(client)).removeprefix("http://localhost")
    assert client.get(url).status_code == 200
    for wrong in (
        url.replace("WyJ", "WyK", 1),
        url[:-8] + ".png",
        "/v1/pictures/x.png",
        "/v1/pictures/..%2f..%2fetc.png",
    ):
        refused = client.get(wrong)
        assert refused.status_code == 404
        if "%2f" not in wrong:
            assert refused.json is not None and refused.json["error"]["code"] == "picture_not_found"


def test_a_proxy_is_believed_only_where_it_is_trusted(painter: Painter) -> None:
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "example.org"}
    for networks, begins in (("", "http://localhost/"), ("127.0.0.0/8", "https://example.org/")):
        client = create_app(painter, Settings(trusted_proxies=networks)).test_client()
        response = client.post(PATH, json={"prompt": "a rose", "response_format": "url"}, headers=forwarded)
        assert linked_url(response).startswith(begins)


@pytest.mark.parametrize("host", ["", " ", "a b", 'x"y', "evil.org/path", "a@b", "x, y"])
def test_a_host_that_can_be_none_is_not_linked_to(client: FlaskClient, host: str) -> None:
    response = client.post(PATH, json={"prompt": "a rose", "response_format": "url"}, headers={"Host": host})
    assert linked_url(response).startswith("http://localhost:80/v1/pictures/")


def test_a_link_keeps_size_kind_and_options(client: FlaskClient) -> None:
    asked = {"size": "48x32", "output_format": "webp", "truncation": 0.5, "seed": 7}
    linked = client.get(linked_url(ask(client, **asked)).removeprefix("http://localhost"))
    assert (linked.content_type, linked.headers["Cache-Control"]) == ("image/webp", "private, max-age=3600")
    direct = client.post(PATH, json={"prompt": "a rose", **asked}).json
    assert direct is not None and base64.b64decode(direct["data"][0]["b64_json"]) == linked.data


def test_a_link_of_several_pictures_is_one_each(client: FlaskClient, painter: Painter) -> None:
    answer = ask(client, n=3, seed=7).json
    assert answer is not None
    for image, array in zip(answer["data"], painter.paint("a rose", 3, 7).arrays, strict=True):
        linked = client.get(image["url"].removeprefix("http://localhost"))
        assert (decode_png(linked.data) == array).all()


def test_a_linked_picture_stays_within_the_limits_of_today(app: APIFlask) -> None:
    token = state_of(app).signer.dumps(["tiny", "a rose", 7, 1.0, 1.0, None, "png", 90, [4000, 64]])
    refused = app.test_client().get(f"/v1/pictures/{token}.png")
    assert refused.status_code == 400 and "the width must be" in refused.text
