"""All APIs read a prompt's words by the same rule, and state what is not read as it was written."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from tests.conftest import MakePainter
from tests.known_captions import flower_captions
from werkzeug.test import TestResponse

from painting.files import painter_file
from painting.paint.painter import Painter
from painting.serving.api.responses import MAX_NOTES_LENGTH, reading_headers
from painting.serving.app import create_app
from painting.serving.settings import Settings
from painting.serving.state import state_of
from painting.text.encoder import TextEncoder


@pytest.fixture(scope="module")
def client(make_lasting_painter: MakePainter, text_encoder: TextEncoder) -> Iterator[FlaskClient]:
    """A client of a painter that knows captions of flowers."""
    file = painter_file.read(make_lasting_painter("knowing"))
    painter = Painter(replace(file, captions=flower_captions(text_encoder)), text_encoder, threads=1)
    app = create_app(painter, Settings())
    yield app.test_client()
    state_of(app).service.renderer.close()


def body_of(response: TestResponse) -> dict[str, Any]:
    assert response.status_code == 200 and response.json is not None
    values: dict[str, Any] = response.json
    return json.loads(values["info"]) if "info" in values else values


def notes_of_json(response: TestResponse) -> str:
    return "; ".join(body_of(response)["notes"])


def notes_of_header(response: TestResponse) -> str:
    assert response.status_code == 200
    return unquote(response.headers.get("X-Painting-Notes", ""))


Paint = Callable[[FlaskClient, str], TestResponse]
APIS: dict[str, tuple[Paint, Callable[[TestResponse], str]]] = {
    "thesis": (lambda client, prompt: client.get("/", query_string={"input": prompt, "count": 1}), notes_of_json),
    "openai": (lambda client, prompt: client.post("/v1/images/generations", json={"prompt": prompt}), notes_of_json),
    "a1111": (lambda client, prompt: client.post("/sdapi/v1/txt2img", json={"prompt": prompt}), notes_of_json),
    "huggingface": (lambda client, prompt: client.post("/models/knowing", json={"inputs": prompt}), notes_of_header),
    "morph's end": (
        lambda client, prompt: client.post(
            "/v1/morphs", json={"prompt": "a white tulip", "to_prompt": prompt, "steps": 2}
        ),
        notes_of_header,
    ),
}
every_api = pytest.mark.parametrize("api", APIS)


@every_api
@pytest.mark.parametrize(
    ("prompt", "note"),
    [
        ("a red rose", ""),
        ("a lily (white)", ""),
        ("a (red:1.3) rose", "read as plain words"),
        ("a red rose, <lora:x:0.8>", "left out of the prompt, as the painter does not know it: <lora:x:0.8>"),
        ("a red rose, masterpiece, 8k uhd", "masterpiece, 8k uhd"),
        ("a house in the snow", "far from everything the painter was trained on; the nearest caption is 'a "),
        ("красная роза", "the text encoder reads English"),
    ],
)
def test_what_is_not_read_as_written_is_stated(client: FlaskClient, api: str, prompt: str, note: str) -> None:
    paint, notes_of = APIS[api]
    notes = notes_of(paint(client, prompt))
    assert note in notes and bool(note) == bool(notes)


@pytest.mark.parametrize("api", ["thesis", "openai", "a1111"])
def test_json_states_the_reading_in_full(client: FlaskClient, api: str) -> None:
    paint, _ = APIS[api]
    answer = body_of(paint(client, "a red rose on a computer, 8k"))
    assert (answer["prompt"], answer["left_out"], answer["unknown_words"]) == (
        "a red rose on a computer, 8k",
        ["8k"],
        ["computer"],
    )
    familiar = body_of(paint(client, "red roses"))
    assert (familiar["familiar"], familiar["nearest_caption"]) == (True, "a red rose")
    assert body_of(paint(client, "an elephant"))["familiar"] is False


@pytest.mark.parametrize("negative", ["ugly, blurry", ["ugly"]])
def test_a_negative_prompt_is_ignored_and_said_to_be(client: FlaskClient, negative: object) -> None:
    body = {"prompt": "a red rose", "negative_prompt": negative, "seed": 7}
    assert "negative prompt is ignored" in notes_of_json(client.post("/sdapi/v1/txt2img", json=body))
    body = {"inputs": "a red rose", "parameters": {"negative_prompt": negative}}
    assert "negative prompt is ignored" in notes_of_header(client.post("/models/knowing", json=body))


def test_an_empty_negative_prompt_is_not_worth_a_note(client: FlaskClient) -> None:
    for negative in ("", None):
        body = {"prompt": "a red rose", "negative_prompt": negative}
        assert notes_of_json(client.post("/sdapi/v1/txt2img", json=body)) == ""


@pytest.mark.parametrize("noisy", ["a (red:1.3) rose", "a red rose, masterpiece", "<lora:x:1> a red rose"])
def test_the_picture_is_that_of_the_plain_prompt(client: FlaskClient, noisy: str) -> None:
    plain, other = (
        client.get("/", query_string={"input": prompt, "count": 1, "seed": 7}) for prompt in ("a red rose", noisy)
    )
    assert plain.json is not None and other.json is not None
    images = [body_of(response)["images"][0] for response in (plain, other)]
    assert images[0] != images[1]  # the files state their own prompts
    assert _pixels(images[0]) == _pixels(images[1])


def _pixels(encoded: str) -> bytes:
    import io
    from base64 import b64decode

    from PIL import Image

    return Image.open(io.BytesIO(b64decode(encoded))).tobytes()


@pytest.mark.parametrize(
    "notes", [["left out: <lora:x>"], ["nearest 'красная'\r\nX-Evil: 1"], ["é" * 10_000], ["100% \\ \"'"]]
)
def test_a_header_is_short_printable_ascii_and_can_be_read_back(notes: list[str]) -> None:
    _, value = reading_headers(False, notes)
    assert value is not None and value.isascii() and value.isprintable() and len(value) <= 12 * MAX_NOTES_LENGTH
    assert unquote(value) == notes[0][:MAX_NOTES_LENGTH]


def test_no_notes_are_no_header() -> None:
    assert reading_headers(False, []) == (None, None)
    assert reading_headers(True, []) == ("true", None)
