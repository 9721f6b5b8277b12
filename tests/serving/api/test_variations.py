"""Pictures near another one, by every API, in what files and links say about themselves."""

import base64
import io
import json
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from tests.serving.api.writing_clients import cache_hits

from painting.images import decode_png, read_png_text
from painting.paint.paint_request import Variation
from painting.paint.painter import Painter

NEAR = {"seed": 7, "subseed": 100, "subseed_strength": 0.2}


@pytest.fixture
def wanted(painter: Painter) -> Any:
    return painter.paint("a rose", 2, 7, variation=Variation(0.2, 100)).arrays


def decoded(images: list[str]) -> Any:
    return np.stack([decode_png(base64.b64decode(image)) for image in images])


def test_a_query_paints_near_a_seed(client: FlaskClient, wanted: Any) -> None:
    answer = client.get("/", query_string={"input": "a rose", "count": 2, **NEAR}).json
    assert answer is not None
    assert (answer["seeds"], answer["subseeds"], answer["subseed_strength"]) == ([7, 7], [100, 101], 0.2)
    assert np.array_equal(decoded(answer["images"]), wanted)
    plain = client.get("/?input=a+rose&count=2&seed=7&subseed=5").json
    assert plain is not None and (plain["seeds"], plain["subseeds"], plain["subseed_strength"]) == ([7, 8], [], 0)


def test_openais_route_paints_near_a_seed_and_links_to_it(client: FlaskClient, wanted: Any) -> None:
    body = {"prompt": "a rose", "n": 2, **NEAR}
    answer = client.post("/v1/images/generations", json=body).json
    assert answer is not None and answer["subseed_strength"] == 0.2
    assert [(each["seed"], each["subseed"]) for each in answer["data"]] == [(7, 100), (7, 101)]
    assert np.array_equal(decoded([each["b64_json"] for each in answer["data"]]), wanted)
    linked = client.post("/v1/images/generations", json={**body, "response_format": "url"}).json
    assert linked is not None
    file = client.get(linked["data"][1]["url"].removeprefix("http://localhost")).data
    assert np.array_equal(decode_png(file), wanted[1])


def test_a_file_says_what_paints_it_again(client: FlaskClient, wanted: Any) -> None:
    answer = client.get("/", query_string={"input": "a rose", "count": 2, **NEAR}).json
    assert answer is not None
    text = read_png_text(base64.b64decode(answer["images"][1]))
    assert "Variation seed: 101, Variation seed strength: 0.2" in text.pop("parameters")
    assert text == {"prompt": "a rose", "seed": "7", "painter": "tiny", "subseed": "101", "subseed_strength": "0.2"}
    asked = {name: text[name] for name in ("seed", "subseed", "subseed_strength")}
    again = client.get("/", query_string={"input": text["prompt"], "count": 1, **asked}).json
    assert again is not None and again["images"] == answer["images"][1:]


def test_automatic1111s_route_paints_near_a_seed(client: FlaskClient, wanted: Any) -> None:
    answer = client.post("/sdapi/v1/txt2img", json={"prompt": "a rose", "batch_size": 2, **NEAR}).json
    assert answer is not None
    info = json.loads(answer["info"])
    assert (info["all_seeds"], info["all_subseeds"], info["subseed"]) == ([7, 7], [100, 101], 100)
    assert np.array_equal(decoded(answer["images"]), wanted)
    drawn = client.post("/sdapi/v1/txt2img", json={"prompt": "a rose", **NEAR, "subseed": -1}).json
    assert drawn is not None and json.loads(drawn["info"])["subseed"] >= 0


def test_hugging_faces_route_states_the_subseed_that_it_drew(client: FlaskClient) -> None:
    asked = {"seed": 7, "subseed_strength": 0.2}
    drawn = client.post("/models/tiny", json={"inputs": "a rose", "parameters": asked})
    stated = {"subseed": int(drawn.headers["X-Painting-Subseed"])}
    again = client.post("/models/tiny", json={"inputs": "a rose", "parameters": asked | stated})
    assert again.data == drawn.data and again.headers["X-Painting-Subseed"] == drawn.headers["X-Painting-Subseed"]
    plain = client.post("/models/tiny", json={"inputs": "a rose", "parameters": {"seed": 7}})
    assert "X-Painting-Subseed" not in plain.headers


def test_a_picture_near_another_is_kept_as_its_own(client: FlaskClient) -> None:
    before = cache_hits(client)
    answers = [
        client.get("/", query_string={"input": "one rose", "count": 1, **NEAR, **more}).json["images"][0]  # type: ignore[index]
        for more in ({}, {"subseed": 101}, {"subseed_strength": 0.3}, {"subseed_strength": 0}, {})
    ]
    assert len(set(answers)) == 4 and answers[0] == answers[4]
    assert cache_hits(client) == before + 1


def test_a_morph_goes_to_a_variation(client: FlaskClient, painter: Painter) -> None:
    body = {"prompt": "a rose", "seed": 7, "to_subseed": 5, "to_subseed_strength": 0.2, "steps": 4, "lossless": True}
    response = client.post("/v1/morphs", json=body)
    assert response.status_code == 200, response.text
    headers = {name: value for name, value in response.headers.items() if "Seed" in name or "Subseed" in name}
    assert headers == {"X-Painting-Seed": "7", "X-Painting-To-Seed": "7", "X-Painting-To-Subseed": "5"}
    frames = painter.paint_morph(painter.morph_request("a rose", None, 7, to_variation=Variation(0.2, 5)), 4)
    assert response.data == frames.webp(lossless=True)
    assert io.BytesIO(response.data).read(4) == b"RIFF"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"subseed": 1.5, "subseed_strength": 0.1}, "the subseed must be a whole number"),
        ({"subseed": 2**64}, "the subseed must be a whole number of up to 64 bits"),
        ({"subseed_strength": 1.01}, "the subseed_strength must be a number from 0 to 1, not 1.01"),
        ({"subseed_strength": -0.1}, "the subseed_strength must be a number from 0 to 1, not -0.1"),
        ({"subseed_strength": "much"}, 'the subseed_strength must be a number from 0 to 1, not "much"'),
    ],
)
def test_what_makes_no_sense_is_refused(client: FlaskClient, body: dict[str, object], message: str) -> None:
    for answer in (
        client.post("/v1/images/generations", json={"prompt": "a rose", **body}),
        client.get("/", query_string={"input": "a rose", **body}),
    ):
        assert answer.status_code == 400 and answer.json is not None
        assert message.split(", not")[0] in answer.json["error"]["message"]
