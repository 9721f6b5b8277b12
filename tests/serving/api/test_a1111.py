"""The part of AUTOMATIC1111's API that its client does not reach."""

import base64
import json
import struct
import zlib

import pytest
from flask.testing import FlaskClient

PATH = "/sdapi/v1/txt2img"


def test_a_painter_is_named_by_override_and_sizes_are_used(client: FlaskClient) -> None:
    title = client.get("/sdapi/v1/sd-models").json[0]["title"]  # type: ignore[index]
    body = {
        "prompt": "a rose",
        "seed": 5,
        "width": 32,
        "height": 48,
        "override_settings": {"sd_model_checkpoint": title},
    }
    answer = client.post(
        PATH, json=body | {"steps": 20, "negative_prompt": "fog", "cfg_scale": 7, "enable_hr": None}
    ).json
    assert answer is not None
    info = json.loads(answer["info"])
    assert (info["width"], info["height"], info["seed"], info["sd_model_name"]) == (32, 48, 5, "tiny")
    assert info["infotexts"][0].startswith("a rose\nSteps: 1, Sampler: GAN, Seed: 5, Size: 32x48, Model: tiny")


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({"prompt": ""}, 400, "empty"),
        ({"prompt": "a rose", "batch_size": 8, "n_iter": 9}, 400, "not 72"),
        ({"prompt": "a rose", "width": 4000, "height": 64}, 400, "width"),
        ({"prompt": "a rose", "seed": -2}, 400, "seed"),
        ({"prompt": "a rose", "override_settings": []}, 400, "override_settings must be an object"),
        ({"prompt": "a rose", "override_settings": {"sd_model_checkpoint": "none"}}, 404, "no painter"),
        ({"prompt": "a rose", "override_settings": {"sd_model_checkpoint": ["x"]}}, 404, "no painter"),
    ],
)
def test_what_cannot_be_painted_is_refused(client: FlaskClient, body: object, status: int, message: str) -> None:
    response = client.post(PATH, json=body)
    assert response.status_code == status and message in response.text


def bomb(side: int) -> bytes:
    """A small PNG that says it is huge."""
    head = b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = [head, b"IDAT" + zlib.compress(bytes(100_000)), b"IEND"]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "there is no image"),
        (b"\x89PNG", "the image's 4 bytes are no PNG file"),
        (b"no picture at all, but long enough", "the image's 34 bytes are no PNG file"),
        (bomb(20_000), "20000x20000 px"),
        (bomb(64)[:60], "the image's 60 bytes are a damaged PNG file"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused(client: FlaskClient, content: bytes, message: str) -> None:
    image = base64.b64encode(content).decode()
    for given in (image, f"data:image/png;base64,{image}"):
        response = client.post("/sdapi/v1/png-info", json={"image": given})
        assert response.status_code == 400 and message in response.text


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"image": "not base64!"}, "begins with 'not base64!'"),
        ({"image": 7}, "the image must be a text, not 7"),
        ({"image": None}, "there is no image"),
        ({}, "there is no image"),
    ],
)
def test_a_body_without_a_picture_is_refused(client: FlaskClient, body: object, message: str) -> None:
    response = client.post("/sdapi/v1/png-info", json=body)
    assert response.status_code == 400 and message in response.text
