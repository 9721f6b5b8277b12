"""The strength of a prompt in every API, in files and in links."""

import base64
import io
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from tests.conftest import MakePainter

from painting.images import decode_png, read_png_text
from painting.paint.paint_request import PaintOptions
from painting.paint.painter import Painter
from painting.serving.app import create_app
from painting.serving.settings import Settings
from painting.serving.state import state_of
from painting.text.encoder import TextEncoder

LESS = {"seed": 7, "strength": 0.5}


@pytest.fixture
def painter(make_painter: MakePainter, text_encoder: TextEncoder) -> Painter:
    return Painter.load(make_painter("strong", strength=True), text_encoder, threads=1)


@pytest.fixture
def client(painter: Painter) -> Iterator[FlaskClient]:
    app = create_app(painter, Settings())
    yield app.test_client()
    state_of(app).service.renderer.close()


@pytest.fixture
def wanted(painter: Painter) -> Any:
    return painter.paint("a rose", 1, 7, strength=0.5).arrays[0]


def decoded(image: str) -> Any:
    return decode_png(base64.b64decode(image))


def test_a_query_says_how_strongly(client: FlaskClient, wanted: Any) -> None:
    answer = client.get("/", query_string={"input": "a rose", "count": 1, **LESS}).json
    assert answer is not None and answer["strength"] == 0.5
    assert np.array_equal(decoded(answer["images"][0]), wanted)
    text = read_png_text(base64.b64decode(answer["images"][0]))
    assert text["strength"] == "0.5"
    plain = client.get("/?input=a+rose&count=1&seed=7").json
    assert plain is not None and plain["strength"] == 1 and plain["images"] != answer["images"]


def test_openais_route_and_its_links_say_how_strongly(client: FlaskClient, wanted: Any) -> None:
    body = {"prompt": "a rose", **LESS}
    answer = client.post("/v1/images/generations", json=body).json
    assert answer is not None and np.array_equal(decoded(answer["data"][0]["b64_json"]), wanted)
    linked = client.post("/v1/images/generations", json={**body, "response_format": "url"}).json
    assert linked is not None
    file = client.get(linked["data"][0]["url"].removeprefix("http://localhost")).data
    assert np.array_equal(decode_png(file), wanted)
    plain = client.post("/v1/images/generations", json={**body, "strength": None}).json
    assert plain is not None and plain["data"] != answer["data"]


def test_the_other_routes_say_how_strongly(client: FlaskClient, painter: Painter, wanted: Any) -> None:
    one = client.post("/sdapi/v1/txt2img", json={"prompt": "a rose", **LESS}).json
    assert one is not None and np.array_equal(decoded(one["images"][0]), wanted)
    assert json.loads(one["info"])["seed"] == 7
    other = client.post("/models/strong", json={"inputs": "a rose", "parameters": LESS}).data
    assert np.array_equal(decode_png(other), wanted)
    body = {"prompt": "a rose", "to_prompt": "a boat", "steps": 4, "lossless": True, **LESS}
    morph = client.post("/v1/morphs", json=body).data
    request = painter.morph_request("a rose", "a boat", 7, options=PaintOptions(strength=0.5))
    assert morph == painter.paint_morph(request, 4).webp(lossless=True) and io.BytesIO(morph).read(4) == b"RIFF"


def test_the_list_of_painters_says_which_support_strength(client: FlaskClient, plain_client: FlaskClient) -> None:
    for asked, able in ((client, True), (plain_client, False)):
        listed = asked.get("/v1/painters").json
        assert listed is not None and listed["painters"][0]["takes_strength"] is able


@pytest.mark.parametrize("strength", [-0.1, 1.6, "much"])
def test_what_makes_no_sense_is_refused(client: FlaskClient, strength: object) -> None:
    for answer in (
        client.post("/v1/images/generations", json={"prompt": "a rose", "strength": strength}),
        client.get("/", query_string={"input": "a rose", "strength": str(strength)}),
    ):
        assert answer.status_code == 400 and answer.json is not None
        assert "the strength must be a number from 0 to 1.5" in answer.json["error"]["message"]
        assert answer.json["error"]["param"] == "strength"


def test_a_painter_without_strength_refuses_one(plain_client: FlaskClient) -> None:
    answer = plain_client.post("/v1/images/generations", json={"strength": 0.5})
    assert answer.status_code == 400 and answer.json is not None
    assert "does not support `strength`; omit it" in answer.json["error"]["message"]
