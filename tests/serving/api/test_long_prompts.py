"""All APIs read a prompt by the same rule: what is long is cut and reported, whatever is invisible goes."""

import json
from collections.abc import Callable
from random import Random

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from painting.cleaning import MAX_TEXT_LENGTH, clean_text
from painting.images import read_png_text
from painting.serving.settings import Settings

SENTENCE = "a red rose in full bloom in a sunlit garden, soft petals with drops of dew, blurred leaves behind, "
Read = Callable[[TestResponse], tuple[str | None, bool]]  # a response → its prompt, where it has one, and `truncated`


def read_json(response: TestResponse) -> tuple[str, bool]:
    assert response.json is not None
    return response.json["prompt"], response.json["truncated"]


def read_info(response: TestResponse) -> tuple[str, bool]:
    assert response.json is not None
    info = json.loads(response.json["info"])
    return info["prompt"], info["truncated"]


def read_png(response: TestResponse) -> tuple[str, bool]:
    return read_png_text(response.data)["prompt"], response.headers.get("X-Painting-Truncated") == "true"


def read_headers(response: TestResponse) -> tuple[None, bool]:
    return None, response.headers.get("X-Painting-Truncated") == "true"


Paint = Callable[[FlaskClient, str], TestResponse]
APIS: dict[str, tuple[Paint, Read]] = {
    "thesis": (lambda client, prompt: client.get("/", query_string={"input": prompt, "count": 1}), read_json),
    "openai": (lambda client, prompt: client.post("/v1/images/generations", json={"prompt": prompt}), read_json),
    "address": (lambda client, prompt: client.get("/v1/pictures", query_string={"prompt": prompt}), read_png),
    "a1111": (lambda client, prompt: client.post("/sdapi/v1/txt2img", json={"prompt": prompt}), read_info),
    "huggingface": (lambda client, prompt: client.post("/models/tiny", json={"inputs": prompt}), read_png),
    "picture": (lambda client, prompt: client.get("/v1/pictures", query_string={"prompt": prompt}), read_png),
    "morph": (
        lambda client, prompt: client.post("/v1/morphs", json={"prompt": prompt, "to_prompt": "a tulip", "steps": 2}),
        read_headers,
    ),
    "morph's end": (
        lambda client, prompt: client.post("/v1/morphs", json={"prompt": "a tulip", "to_prompt": prompt, "steps": 2}),
        read_headers,
    ),
}
every_api = pytest.mark.parametrize("api", APIS)


@every_api
@pytest.mark.parametrize(
    ("length", "truncated"), [(90, False), (600, False), (1500, True), (2001, True), (20_000, True)]
)
def test_a_long_prompt_is_painted_and_reported(client: FlaskClient, api: str, length: int, truncated: bool) -> None:
    paint, read = APIS[api]
    raw = (SENTENCE * (length // len(SENTENCE) + 1))[:length]
    response = paint(client, raw)
    assert response.status_code == 200
    prompt, is_truncated = read(response)
    assert is_truncated is truncated
    assert prompt in (None, clean_text(raw).text) and len(prompt or "") <= MAX_TEXT_LENGTH


@every_api
@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("a red\x00 ro\u00adse\u200b", "a red rose"),
        ("\u202ea red rose\ufeff", "a red rose"),
        ("a red\r\n\trose\x1b", "a red rose"),
        ("rose 👩\u200d🌾", "rose 👩\u200d🌾"),
        ("rose cafe\u0301", "rose café"),
    ],
    ids=ascii,
)
def test_what_is_invisible_goes(client: FlaskClient, api: str, raw: str, cleaned: str) -> None:
    paint, read = APIS[api]
    response = paint(client, raw)
    assert response.status_code == 200
    prompt, is_truncated = read(response)
    assert prompt in (None, cleaned) and not is_truncated


@every_api
@pytest.mark.parametrize("raw", ["", " \n", "\x00\x1b", "\u200b\u200d\u2060"], ids=ascii)
def test_a_prompt_of_which_nothing_is_left_is_refused_in_one_sentence(client: FlaskClient, api: str, raw: str) -> None:
    paint, _ = APIS[api]
    response = paint(client, raw)
    assert response.status_code == 400 and response.json is not None
    assert response.json["error"]["message"] == "the prompt is empty: say what to paint, for example 'a red rose'"


@pytest.mark.parametrize(
    "sentence",
    [SENTENCE, "größere süße Äpfel blühen rosé", " ".join(map(chr, range(0x4E00, 0x5600))), "rose " + "🌹" * 60],
)
def test_a_linked_picture_of_a_long_prompt_is_painted_again(client: FlaskClient, sentence: str) -> None:
    words = sentence.split()
    body = {"prompt": " ".join(Random(0).choices(words, k=5000)), "response_format": "url"}
    response = client.post("/v1/images/generations", json=body)
    assert response.json is not None and response.json["truncated"]
    link = response.json["data"][0]["url"]
    assert len(link) < Settings().max_url_length
    picture = client.get(link)
    assert picture.status_code == 200 and read_png_text(picture.data)["prompt"] == response.json["prompt"]
