"""A painter's name may hold nearly any text: its addresses lead to it."""

from pathlib import Path
from urllib.parse import quote

import pytest

from painting.paint.painter import Painter
from painting.serving.app import create_app
from painting.serving.settings import Settings
from painting.text.encoder import TextEncoder

NAMES = ["a/b", "red, blue", "a/b/c", "50% & more?", "été 🌹", "a#b", "samples.webp", "x/samples.webp", "<id>"]


@pytest.fixture
def named(tiny_painter: Path, text_encoder: TextEncoder) -> Painter:
    return Painter.load(tiny_painter, text_encoder, threads=1)


@pytest.mark.parametrize("name", NAMES)
def test_every_address_of_a_painter_works(named: Painter, name: str) -> None:
    named.name = name
    client = create_app(named, Settings()).test_client()
    (listed,) = client.get("/v1/painters").json["painters"]  # type: ignore[index]
    assert listed["name"] == name
    quoted = quote(name, safe="")
    assert client.get(f"/v1/painters/{quoted}/samples.webp").content_type == "image/webp"
    assert client.get(f"/v1/models/{quoted}").json["id"] == name  # type: ignore[index]
    assert client.post(f"/models/{quoted}", json={"inputs": "a rose"}).content_type == "image/png"
    answer = client.post("/v1/images/generations", json={"prompt": "a rose", "model": name, "response_format": "url"})
    assert client.get(answer.json["data"][0]["url"].removeprefix("http://localhost")).status_code == 200  # type: ignore[index]
    title = client.get("/sdapi/v1/sd-models").json[0]["title"]  # type: ignore[index]
    assert client.post("/sdapi/v1/options", json={"sd_model_checkpoint": title}).status_code == 200
    if name != "x/samples.webp":  # which is read as the samples of x
        described = client.get(f"/v1/painters/{quoted}").json
        assert described is not None and described["name"] == name
        assert client.get(described["samples"]).content_type == "image/webp"
