"""`GET /?input=PROMPT`, the route of the thesis's page."""

import base64
import io
import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from painting.images import EXIF_IMAGE_DESCRIPTION, read_png_text
from painting.paint.painter import Painter

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def pngs(response: TestResponse) -> list[bytes]:
    assert response.status_code == 200, response.text
    return [base64.b64decode(image, validate=True) for image in response.json["images"]]  # type: ignore[index]


def sentence(response: TestResponse) -> str:
    """The one sentence of an error."""
    assert response.content_type == "application/json"
    assert response.json is not None
    message = response.json["error"]["message"]
    assert isinstance(message, str) and "\n" not in message and "Traceback" not in message and len(message) < 200
    return message


def test_five_different_pictures_answer_a_prompt(client: FlaskClient, painter: Painter) -> None:
    response = client.get("/", query_string={"input": "a red rose"})
    pictures = [np.asarray(Image.open(io.BytesIO(png))) for png in pngs(response)]
    assert [picture.shape for picture in pictures] == [(painter.size, painter.size, 3)] * 5
    assert len({picture.tobytes() for picture in pictures}) == 5
    assert response.headers["Cache-Control"] == "no-store"


def test_each_picture_states_what_reproduces_it(client: FlaskClient) -> None:
    response = client.get("/?input=a+red++rose&count=3&seed=4294967295")
    answer = response.json
    assert answer is not None
    assert answer["seeds"] == [4294967295, 0, 1]
    assert (answer["prompt"], answer["painter"], answer["truncated"]) == ("a red rose", "tiny", False)
    texts = [read_png_text(png) for png in pngs(response)]
    assert (
        texts[1].pop("parameters").startswith("a red rose\nSteps: 1, Sampler: GAN, Seed: 0, Size: 16x16, Model: tiny")
    )
    assert texts[1] == {"prompt": "a red rose", "seed": "0", "painter": "tiny"}
    assert pngs(client.get("/?input=a+red+rose&count=1&seed=0"))[0] == pngs(response)[1]


def test_lines_give_the_same_pictures_one_by_one(client: FlaskClient) -> None:
    address = "/?input=a+red+rose&count=3&seed=7&format=webp"
    whole = client.get(address).json
    assert whole is not None
    answer = client.get(address, headers={"Accept": "application/x-ndjson, application/json;q=0.9"})
    assert (answer.content_type, answer.headers["Cache-Control"]) == ("application/x-ndjson", "no-store")
    head, *lines = (json.loads(line) for line in answer.text.splitlines())
    assert {"images": [line["image"] for line in lines], **head} == whole
    picture = Image.open(io.BytesIO(base64.b64decode(lines[1]["image"])))
    assert picture.format == "WEBP"
    assert json.loads(picture.getexif()[EXIF_IMAGE_DESCRIPTION])["seed"] == "8"


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/x-ndjson;q=0.5, application/json", ""])
def test_other_clients_get_one_object(client: FlaskClient, accept: str) -> None:
    answer = client.get("/?input=a+red+rose&count=1", headers={"Accept": accept})
    assert len(answer.json["images"]) == 1  # type: ignore[index]


def test_the_same_seed_gives_the_same_bytes_and_no_seed_gives_others(client: FlaskClient) -> None:
    same = [client.get("/?input=a+rose&seed=7").data for _ in range(2)]
    assert same[0] == same[1]
    free = [client.get("/?input=a+rose").json["seeds"] for _ in range(2)]  # type: ignore[index]
    assert free[0] != free[1]


def test_both_prompt_and_seed_reach_the_pictures(client: FlaskClient) -> None:
    first, other_prompt, other_seed = (
        pngs(client.get(f"/?count=1&{query}"))[0]
        for query in ("input=a+rose&seed=1", "input=a+tulip&seed=1", "input=a+rose&seed=2")
    )
    arrays = [np.asarray(Image.open(io.BytesIO(png))) for png in (first, other_prompt, other_seed)]
    assert not np.array_equal(arrays[0], arrays[1])
    assert not np.array_equal(arrays[0], arrays[2])


@pytest.mark.parametrize(
    "prompt", ["وردة حمراء", "eine schöne Blüte", "a rose 🌹", "<script>alert(1)</script>", "rose " * 99 + "roses"]
)
def test_unusual_prompts_are_painted(client: FlaskClient, prompt: str) -> None:
    response = client.get("/", query_string={"input": prompt})
    assert len(pngs(response)) == 5
    assert response.json["prompt"] == prompt  # type: ignore[index]


def test_a_prompt_longer_than_the_painter_reads_is_marked_as_truncated(client: FlaskClient) -> None:
    response = client.get("/", query_string={"input": "a," * 240})
    assert response.json["truncated"] is True  # type: ignore[index]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("input=", "empty"),
        ("input=%20%09%0A", "empty"),
        ("input=%F0%9F%8C%B9%F0%9F%8C%B7", "no word"),
        ("input=%00%1B%E2%80%AE", "empty"),
        ("input=rose&count=0", "1 to 64"),
        ("input=rose&count=-1", "1 to 64"),
        ("input=rose&count=1000", "1 to 64"),
        ("input=rose&count=x", "1 to 64"),
        ("input=rose&count=2.5", "1 to 64"),
        ("input=rose&count=true", "1 to 64"),
        ("input=rose&seed=x", '-1 for a random one, not "x"'),
        ("input=rose&seed=1_0", 'random one, not "1_0"'),
        ("input=rose&seed=%D9%A7", "random one, not"),
        ("input=rose&truncation=nan", 'from 0.1 to 1, not "nan"'),
        ("input=rose&truncation=inf", 'from 0.1 to 1, not "inf"'),
        ("input=rose&truncation=0_1", 'from 0.1 to 1, not "0_1"'),
        ("input=rose&truncation=0", "from 0.1 to 1, not 0"),
        ("input=rose&seed=" + "9" * 5000, "up to 64 bits"),
        ("", "?input="),
        ("count=3", "?input="),
    ],
)
def test_what_cannot_be_painted_is_refused_in_one_sentence(client: FlaskClient, query: str, message: str) -> None:
    response = client.get(f"/?{query}")
    assert response.status_code == 400
    assert message in sentence(response)


def test_an_address_that_is_too_long_is_refused(client: FlaskClient) -> None:
    response = client.get("/?input=" + "a" * 60_000)
    assert response.status_code == 414
    assert "50000" in sentence(response)


def test_bytes_that_are_no_text_are_painted_or_refused_but_break_nothing(client: FlaskClient) -> None:
    response = client.get("/?input=rose%FF%FE&count=1")
    assert response.status_code in (200, 400)


def test_unknown_parameters_are_ignored(client: FlaskClient) -> None:
    assert client.get("/?input=rose&count=1&_=123").status_code == 200


def test_a_painter_without_words_paints_without_and_refuses_some(plain_client: FlaskClient) -> None:
    response = plain_client.get("/?count=2")
    assert len(pngs(response)) == 2
    assert response.json["prompt"] is None  # type: ignore[index]
    assert "takes no prompt" in sentence(plain_client.get("/?input=rose"))


def test_many_at_once_are_all_answered_as_each_alone(client: FlaskClient, app: APIFlask) -> None:
    prompts = [
        f"{color} {flower}" for color in ("red", "white", "blue") for flower in ("rose", "tulip", "daisy", "iris")
    ]

    def paint(prompt: str) -> bytes:
        response = app.test_client().get("/", query_string={"input": prompt, "seed": 3})
        return pngs(response)[4]

    with ThreadPoolExecutor(12) as threads:
        together = list(threads.map(paint, prompts))
    assert together == [paint(prompt) for prompt in prompts]


def test_a_browser_without_input_gets_the_page(client: FlaskClient) -> None:
    response = client.get("/", headers=BROWSER)
    assert response.content_type == "text/html; charset=utf-8"
    assert "<title>Painting with Neural Nets</title>" in response.text
    assert "Accept" in response.vary
    assert client.get("/?input=rose&count=1", headers=BROWSER).content_type == "application/json"


@pytest.mark.parametrize("query", ["?prompt=a+rose&count=1000", "?seed=-1", "?truncation=NaN", "?subseed=x&model=none"])
def test_a_browser_gets_the_page_whatever_its_link_holds(client: FlaskClient, query: str) -> None:
    response = client.get(f"/{query}", headers=BROWSER)
    assert (response.status_code, response.content_type) == (200, "text/html; charset=utf-8")
    assert client.get(f"/{query}").status_code in (400, 404)  # a client that wants pictures gets an error


def test_head_and_options_answer_without_a_body(client: FlaskClient) -> None:
    head = client.head("/?input=rose&count=1")
    assert (head.status_code, head.data) == (200, b"")
    assert head.content_length and head.content_length > 100
    options = client.options("/")
    assert (options.status_code, options.data) == (200, b"")
    assert options.allow.as_set() == {"get", "head", "options"}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_other_methods_are_refused_with_the_allowed_ones(client: FlaskClient, method: str) -> None:
    response = client.open("/", method=method)
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "method" in sentence(response)
