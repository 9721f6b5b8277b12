"""The background of pictures in every API: which files keep transparency, and what is refused."""

import base64
import io
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image, ImageSequence
from tests.conftest import MakePainter
from tests.serving.api.writing_clients import answered
from werkzeug.test import TestResponse

from painting.images import on_white, read_png_text, visible
from painting.paint.painter import Painter
from painting.serving.app import create_app
from painting.serving.engine.encoding import BACKGROUND_NAMES, IMAGE_KINDS
from painting.serving.settings import Settings
from painting.serving.state import state_of
from painting.text.encoder import TextEncoder

ORIGIN: dict[str, Any] = {"prompt": "a rose", "seed": 7}
PAINTERS = ("tiny", "clear")  # RGB, RGBA


@pytest.fixture(scope="module")
def painters(make_lasting_painter: MakePainter, text_encoder: TextEncoder) -> dict[str, Painter]:
    paths = [make_lasting_painter(name, channels=channels) for name, channels in zip(PAINTERS, (3, 4), strict=True)]
    return {name: Painter.load(path, text_encoder, threads=1) for name, path in zip(PAINTERS, paths, strict=True)}


@pytest.fixture(scope="module")
def client(painters: dict[str, Painter]) -> Iterator[FlaskClient]:
    app = create_app(list(painters.values()), Settings())
    yield app.test_client()
    state_of(app).service.renderer.close()


def by_address(client: FlaskClient, painter: str, kind: str, background: str) -> TestResponse:
    query = {**ORIGIN, "model": painter, "format": kind, "background": background}
    return client.get("/v1/pictures", query_string=query)


def by_openai(client: FlaskClient, painter: str, kind: str, background: str) -> TestResponse:
    body = {**ORIGIN, "model": painter, "output_format": kind, "background": background}
    return client.post("/v1/images/generations", json=body)


def by_huggingface(client: FlaskClient, painter: str, kind: str, background: str) -> TestResponse:
    body = {"inputs": "a rose", "parameters": {"seed": 7, "background": background}}
    return client.post(f"/models/{painter}", json=body, headers={"Accept": f"image/{kind}"})


def by_a1111(client: FlaskClient, painter: str, kind: str, background: str) -> TestResponse:
    settings = {"sd_model_checkpoint": painter}
    body = {**ORIGIN, "override_settings": settings, "background": background}
    return client.post("/sdapi/v1/txt2img", json=body)


def by_thesis(client: FlaskClient, painter: str, kind: str, background: str) -> TestResponse:
    return client.get("/", query_string={"input": "a rose", "seed": 7, "count": 1, "model": painter})


API_KINDS: dict[Callable[..., TestResponse], tuple[tuple[str, ...], tuple[str, ...]]] = {
    by_address: (IMAGE_KINDS, BACKGROUND_NAMES),
    by_openai: (IMAGE_KINDS, BACKGROUND_NAMES),
    by_huggingface: (IMAGE_KINDS, BACKGROUND_NAMES),
    by_a1111: (("png",), BACKGROUND_NAMES),
    by_thesis: (("png",), ("auto",)),
}
ROWS = [
    (api, painter, kind, background)
    for api, (kinds, backgrounds) in API_KINDS.items()
    for painter in PAINTERS
    for kind in kinds
    for background in backgrounds
]


def file_of(response: TestResponse) -> bytes:
    assert response.status_code == 200, response.text
    if not response.is_json:
        return bytes(response.data)
    answer = answered(response)
    encoded = answer["images"][0] if "images" in answer else answer["data"][0]["b64_json"]
    return base64.b64decode(encoded)


@pytest.mark.parametrize(("api", "painter", "kind", "background"), ROWS)
def test_a_background_is_kept_laid_on_white_or_refused(
    client: FlaskClient,
    painters: dict[str, Painter],
    api: Callable[..., TestResponse],
    painter: str,
    kind: str,
    background: str,
) -> None:
    response = api(client, painter, kind, background)
    can_be_transparent = painters[painter].has_alpha and kind != "jpeg"
    if background == "transparent" and not can_be_transparent:
        assert response.status_code == 400 and response.json is not None
        assert response.json["error"]["param"] == "background"
        reason = "a jpeg file has no" if painters[painter].has_alpha else "the painter 'tiny' paints no transparency"
        assert reason in response.json["error"]["message"] and "omit `background`" in response.json["error"]["message"]
        return
    image = Image.open(io.BytesIO(file_of(response)))
    is_transparent = can_be_transparent and background != "opaque"
    assert (image.format, image.mode) == (kind.upper(), "RGBA" if is_transparent else "RGB")
    array = painters[painter].paint("a rose", 1, 7).arrays[0]
    if kind == "png":
        assert np.array_equal(np.asarray(image), array if is_transparent else on_white(array))
    elif is_transparent:
        assert np.array_equal(np.asarray(image)[..., 3], array[..., 3])


@pytest.mark.parametrize("api", [by_address, by_openai, by_huggingface, by_a1111])
def test_an_unknown_background_is_refused_by_name(client: FlaskClient, api: Callable[..., TestResponse]) -> None:
    response = api(client, "clear", "png", "blue")
    assert response.status_code == 400
    assert "the background must be one of auto, transparent, opaque, not 'blue'" in response.text


@pytest.mark.parametrize(
    ("painter", "background", "stated"),
    [
        ("clear", "auto", "transparent"),
        ("clear", "transparent", "transparent"),
        ("clear", "opaque", "opaque"),
        ("tiny", "auto", "opaque"),
        ("tiny", "opaque", "opaque"),
    ],
)
def test_openais_answer_and_its_links_state_the_background(
    client: FlaskClient, painter: str, background: str, stated: str
) -> None:
    body = {**ORIGIN, "model": painter, "background": background}
    answer = answered(client.post("/v1/images/generations", json=body))
    assert answer["background"] == stated
    file = base64.b64decode(answer["data"][0]["b64_json"])
    written = "opaque" if (painter, background) == ("clear", "opaque") else None
    assert read_png_text(file).get("background") == written
    linked = answered(client.post("/v1/images/generations", json={**body, "response_format": "url"}))
    url = linked["data"][0]["url"]
    assert ("background=" in url) == bool(written), "what changes nothing lengthens no link"
    assert client.get(url.removeprefix("http://localhost")).data == file


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("image/jpeg,image/png;q=0.5", "png"),
        ("image/jpeg,image/webp;q=0.9,*/*;q=0.1", "webp"),
        ("image/jpeg,*/*;q=0.1", "png"),
        ("text/html", "png"),
        ("image/jpeg", None),
    ],
)
def test_a_transparent_file_is_of_an_accepted_kind_that_has_transparency(
    client: FlaskClient, accept: str, kind: str | None
) -> None:
    transparent = {"seed": 7, "background": "transparent"}
    headers = {"Accept": accept}
    query = {"prompt": "a rose", "model": "clear", **transparent}
    body = {"inputs": "a rose", "parameters": transparent}
    by_address = client.get("/v1/pictures", query_string=query, headers=headers)
    by_huggingface = client.post("/models/clear", json=body, headers=headers)
    assert {by_address.content_type, by_huggingface.content_type} == {f"image/{kind}" if kind else "application/json"}
    assert {by_address.status_code, by_huggingface.status_code} == {200 if kind else 400}


def test_a_lossless_morph_keeps_what_is_visible(client: FlaskClient, painters: dict[str, Painter]) -> None:
    body = {**ORIGIN, "model": "clear", "to_prompt": "a boat", "steps": 4, "loop": "once", "lossless": True}
    content = file_of(client.post("/v1/morphs", json=body))
    frames = [np.asarray(frame.convert("RGBA")) for frame in ImageSequence.Iterator(Image.open(io.BytesIO(content)))]
    expected = painters["clear"].morph("a rose", "a boat", steps=4, seed=7).arrays
    assert np.array_equal(visible(np.stack(frames)), visible(expected))


def test_the_list_of_painters_says_which_paint_transparency(client: FlaskClient) -> None:
    listed = answered(client.get("/v1/painters"))["painters"]
    assert {painter["name"]: painter["has_alpha"] for painter in listed} == {"tiny": False, "clear": True}
    samples = Image.open(io.BytesIO(client.get("/v1/painters/clear/samples.webp").data))
    assert samples.mode == "RGB", "samples are on white"
