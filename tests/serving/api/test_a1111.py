"""The part of AUTOMATIC1111's API that its client does not reach."""

import base64
import json
import struct
import zlib

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from painting.images import PNG_SIGNATURE

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
    assert info["batch_size"] == 1
    assert info["infotexts"][0].startswith("a rose\nSteps: 1, Sampler: GAN, Seed: 5, Size: 32x48, Model: tiny")


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({"prompt": ""}, 400, "empty"),
        ({"prompt": "a rose", "batch_size": 8, "n_iter": 9}, 400, "not 72"),
        ({"prompt": "a rose", "width": 4000, "height": 64}, 400, "width"),
        ({"prompt": "a rose", "seed": "none"}, 400, "seed"),
        ({"prompt": "a rose", "override_settings": []}, 400, "override_settings must be an object"),
        ({"prompt": "a rose", "override_settings": {"sd_model_checkpoint": "none"}}, 404, "no painter"),
        ({"prompt": "a rose", "override_settings": {"sd_model_checkpoint": ["x"]}}, 404, "no painter"),
    ],
)
def test_what_cannot_be_painted_is_refused(client: FlaskClient, body: object, status: int, message: str) -> None:
    response = client.post(PATH, json=body)
    assert response.status_code == status and message in response.text


@pytest.mark.parametrize("sizes", [{"batch_size": 2, "n_iter": 2}, {"batch_size": 4}, {"n_iter": 4}])
def test_the_batch_size_is_that_of_the_request(client: FlaskClient, sizes: dict[str, int]) -> None:
    answer = client.post(PATH, json={"prompt": "a rose", **sizes}).json
    assert answer is not None and len(answer["images"]) == 4
    assert json.loads(answer["info"])["batch_size"] == sizes.get("batch_size", 1)


def png_of(chunks: list[tuple[bytes, bytes]], side: int = 1) -> bytes:
    """A PNG file of these chunks behind its header, which says it has a side of so many px."""
    head = (b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return PNG_SIGNATURE + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in [head, *chunks, (b"IDAT", zlib.compress(bytes(4))), (b"IEND", b"")]
    )


def info_of(client: FlaskClient, png: bytes) -> TestResponse:
    return client.post("/sdapi/v1/png-info", json={"image": base64.b64encode(png).decode()})


@pytest.mark.parametrize(("width", "height"), [(0, 0), (16, 16), (832, 1216), (1024, 1024), (2048, 2048)])
def test_a_picture_painted_here_is_read(client: FlaskClient, width: int, height: int) -> None:
    body = {"prompt": "a rose 🌹", "seed": 5, "width": width, "height": height, "fit": "contain"}
    painted = client.post(PATH, json=body).json
    assert painted is not None
    for image in (painted["images"][0], f"data:image/png;base64,{painted['images'][0]}"):
        read = client.post("/sdapi/v1/png-info", json={"image": image}).json
        assert read is not None and read["info"] == json.loads(painted["info"])["infotexts"][0]
        assert (read["items"]["prompt"], read["items"]["seed"]) == ("a rose 🌹", "5")
        assert (read["parameters"]["Prompt"], read["parameters"]["Seed"]) == ("a rose 🌹", "5")
        assert read["parameters"]["Size-1"] == str(width or 16)
        assert read["items"].get("fit") == ("contain" if width != height else None)


BOMB_TEXT = zlib.compress(b"\xff" * (1 << 20), 9)
TEXT_BOMBS = {
    "compressed chunks of other names": [(b"zTXt", b"k%d\0\0" % index + BOMB_TEXT) for index in range(60)],
    "compressed chunks of our names": [(b"zTXt", b"parameters\0\0" + BOMB_TEXT)] * 60,
    "compressed Unicode": [(b"iTXt", b"prompt\0\1\0\0\0" + BOMB_TEXT)] * 60,
    "long chunks of our names": [(b"tEXt", b"prompt\0" + b"\xff" * 150_000)],
    "long chunks of other names": [(b"tEXt", b"k%d\0" % index + b"\xff" * 9_000) for index in range(15)],
    "a colour profile": [(b"iCCP", b"p\0\0" + BOMB_TEXT)],
}


@pytest.mark.parametrize("name", TEXT_BOMBS)
def test_a_text_that_is_not_ours_is_not_unpacked(client: FlaskClient, name: str) -> None:
    response = info_of(client, png_of([*TEXT_BOMBS[name], (b"tEXt", b"seed\0007")]))
    assert response.json == {"info": "", "items": {"seed": "7"}, "parameters": {}}


@pytest.mark.parametrize("chunks", [[], [(b"tEXt", b"a\0b")]], ids=["first", "behind a text"])
def test_a_picture_that_says_it_is_huge_is_not_decoded(client: FlaskClient, chunks: list[tuple[bytes, bytes]]) -> None:
    huge = png_of([*chunks, (b"tEXt", b"prompt\0a rose")], side=1 << 30)
    assert info_of(client, huge).json["items"] == {"prompt": "a rose"}  # type: ignore[index]


DAMAGED = "damaged PNG file"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "there is no image"),
        (b"\x89PNG", "the image's 4 bytes are no PNG file"),
        (b"no picture at all, but long enough", "the image's 34 bytes are no PNG file"),
        (PNG_SIGNATURE, DAMAGED),
        (png_of([])[:60], DAMAGED),
        (png_of([])[:-12], DAMAGED),
        (png_of([(b"tEXt", b"prompt\0a rose")]).replace(b"rose", b"nose"), DAMAGED),
        (PNG_SIGNATURE + b"\xff\xff\xff\xfftEXtprompt\0", DAMAGED),
    ],
)
def test_what_is_no_picture_is_refused(client: FlaskClient, content: bytes, message: str) -> None:
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
