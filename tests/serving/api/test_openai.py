"""`POST /v1/images/generations` beyond what the official client sends."""

import base64
import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from tests.serving.api.writing_clients import cache_hits
from werkzeug.test import TestResponse

from painting.images import EXIF_IMAGE_DESCRIPTION

PATH = "/v1/images/generations"


def post(client: FlaskClient, **body: object) -> TestResponse:
    return client.post(PATH, json={"prompt": "a rose"} | body)


def message(response: TestResponse) -> str:
    assert response.json is not None
    return str(response.json["error"]["message"])


def first(response: TestResponse) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    assert response.json is not None
    found: dict[str, Any] = response.json["data"][0]
    return found


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"n": True}, "n of pictures"),
        ({"n": "two"}, "n of pictures"),
        ({"n": 1.5}, "n of pictures"),
        ({"n": 0}, "n of pictures"),
        ({"seed": "x"}, "the seed must be"),
        ({"seed": 2**64}, "the seed must be"),
        ({"seed": 10**400}, "not the JSON object that it should be"),
        ({"truncation": 0}, "the truncation must be"),
        ({"truncation": "much"}, "the truncation must be"),
        ({"truncation": 10**400}, "not the JSON object that it should be"),
        ({"size": "64"}, "WIDTHxHEIGHT"),
        ({"size": "15x64"}, "the width must be"),
        ({"size": "64x2049"}, "the height must be"),
        ({"size": "1024x1024", "n": 17}, "too many pixels at once"),
        ({"response_format": "gif"}, "b64_json, url, not 'gif'"),
        ({"output_format": "gif"}, "png, webp, jpeg"),
        ({"output_compression": 101}, "output_compression"),
        ({"stream": True}, "omit `stream`"),
        ({"prompt": 7}, "the prompt must be a text, not 7"),
        ({"model": ["x"]}, 'the model must be a text, not ["x"]'),
        ({"size": {"w": 1}}, "the size must be a text"),
        ({"seed": [7]}, "the seed must be a whole number of up to 64 bits, or -1 for a random one, not [7]"),
        ({"n": "x" * 999}, "x…"),
        ({"prompt": None}, "needs a prompt"),
        ({"prompt": "\x00\u200b"}, "the prompt is empty"),
    ],
)
def test_what_cannot_be_painted_is_refused_by_name(client: FlaskClient, body: dict[str, object], expected: str) -> None:
    response = post(client, **body)
    assert response.status_code == 400 and expected in message(response)


@pytest.mark.parametrize("body", [b"{", b"[]", b"7", b"[" * 40_000, b'{"n": ' + b"9" * 5000 + b"}", b"\xff\xfe"])
def test_a_body_that_is_no_json_object_is_refused(client: FlaskClient, body: bytes) -> None:
    response = client.post(PATH, data=body, content_type="application/json")
    assert response.status_code == 400 and "not the JSON object that it should be" in message(response)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
@pytest.mark.parametrize("path", [PATH, "/sdapi/v1/txt2img", "/v1/morphs"])
def test_numbers_that_json_does_not_have_are_refused(client: FlaskClient, path: str, number: str) -> None:
    body = f'{{"prompt": "a rose", "override_settings": {{"eta": {number}}}}}'
    response = client.post(path, data=body, content_type="application/json")
    assert response.status_code == 400 and "not the JSON object that it should be" in message(response)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_json_of_another_content_type_is_refused_by_it(client: FlaskClient, kind: str) -> None:
    response = client.post(PATH, data=b'{"prompt": "a rose"}', content_type=kind)
    assert response.status_code == 415
    assert f"sent as {kind or 'no media type'}" in message(response) and "application/json" in message(response)


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "application/problem+json"])
def test_a_kind_of_content_matters_only_where_there_is_some(client: FlaskClient, kind: str) -> None:
    assert client.post(PATH, data=b'{"prompt": "a rose"}', content_type=kind).status_code == 200
    for path in ("/v1/models", "/?input=a+rose&count=1", "/livez"):
        assert client.get(path, content_type=kind).status_code == 200
    for path, status in (("/nothing", 404), ("/livez", 405)):
        assert client.post(path, data=b"{", content_type=kind).status_code == status
    assert "needs a prompt" in message(client.post(PATH))
    assert "needs a prompt" in message(client.post(PATH, content_type="application/json"))


def test_null_and_unknown_fields_are_as_if_left_out(client: FlaskClient) -> None:
    nothing = dict.fromkeys(("model", "n", "size", "response_format", "output_format", "seed", "truncation", "stream"))
    assert first(post(client, **nothing, quality="hd", hat="green"))["b64_json"]
    assert post(client, n=2.0, seed=1).json["seed"] == 1  # type: ignore[index]


@pytest.mark.parametrize(
    ("body", "linked"),
    [
        ({}, False),
        ({"model": "tiny"}, False),
        ({"model": "gpt-image-1"}, False),
        ({"model": "dall-e-3"}, True),
        ({"model": "dall-e-2", "response_format": None}, True),
        ({"model": "dall-e-3", "response_format": "b64_json"}, False),
        ({"model": "gpt-image-1", "response_format": "url"}, True),
    ],
)
def test_a_picture_is_a_link_by_default_where_openais_is(
    client: FlaskClient, body: dict[str, object], linked: bool
) -> None:
    assert set(first(post(client, **body))) & {"url", "b64_json"} == {"url" if linked else "b64_json"}


@pytest.mark.parametrize(("kind", "name"), [("png", "PNG"), ("webp", "WEBP"), ("jpeg", "JPEG")])
def test_each_kind_of_file_says_what_it_was_painted_from(client: FlaskClient, kind: str, name: str) -> None:
    found = first(post(client, output_format=kind, size="48x32", seed=7, truncation=0.5))
    image = Image.open(io.BytesIO(base64.b64decode(found["b64_json"])))
    assert (image.format, image.size) == (name, (48, 32))
    said = image.info if kind == "png" else {"text": image.getexif()[EXIF_IMAGE_DESCRIPTION]}
    assert "a rose" in str(said) and "Seed: 7" in str(said) and "0.5" in str(said)


def test_the_same_request_is_answered_from_the_cache(client: FlaskClient) -> None:
    one = first(post(client, seed=7))["b64_json"]
    before = cache_hits(client)
    assert first(post(client, seed=7))["b64_json"] == one and cache_hits(client) == before + 1
