"""`POST /v1/embeddings` answers as OpenAI's does, with the vectors of a painter's own text encoder."""

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from tests.conftest import MakePainter
from tests.known_captions import flower_captions
from werkzeug.test import TestResponse

from painting.files import painter_file
from painting.paint.painter import Painter
from painting.serving.api.embeddings import MAX_INPUTS
from painting.serving.app import create_app
from painting.serving.settings import Settings
from painting.serving.state import state_of
from painting.text.encoder import TextEncoder


@pytest.fixture(scope="module")
def client(make_lasting_painter: MakePainter, text_encoder: TextEncoder) -> Iterator[FlaskClient]:
    """A client of a painter that knows captions of flowers, and of one that takes no prompt."""
    file = painter_file.read(make_lasting_painter("knowing"))
    knowing = Painter(replace(file, captions=flower_captions(text_encoder)), text_encoder, threads=1)
    plain = Painter.load(make_lasting_painter("plain", conditional=False), threads=1)
    app = create_app([knowing, plain], Settings())
    yield app.test_client()
    state_of(app).service.renderer.close()


def post(client: FlaskClient, **body: object) -> TestResponse:
    return client.post("/v1/embeddings", json=body)


def answer(response: TestResponse) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json  # type: ignore[assignment]
    return found


def test_a_text_has_one_embedding_and_its_nearest_captions(client: FlaskClient, text_encoder: TextEncoder) -> None:
    found = answer(post(client, input="red roses", model="knowing", user="me"))
    assert (found["object"], found["model"], len(found["data"])) == ("list", "knowing", 1)
    (one,) = found["data"]
    assert (one["object"], one["index"]) == ("embedding", 0)
    assert np.allclose(one["embedding"], text_encoder.encode(["red roses"])[0], atol=1e-5)
    captions = [near["caption"] for near in one["nearest_captions"]]
    assert captions[0] == "a red rose" and len(captions) == 3
    assert 0.6 < one["nearest_captions"][0]["similarity"] < 1
    assert found["usage"] == {"prompt_tokens": 4, "total_tokens": 4}  # with those around the words


def test_several_texts_keep_their_order_in_both_formats(client: FlaskClient) -> None:
    texts = ["a red rose", "a white daisy"]
    numbers = answer(post(client, input=texts))
    encoded = answer(post(client, input=texts, encoding_format="base64"))
    for index in range(2):
        vector = np.frombuffer(b64decode(encoded["data"][index]["embedding"]), "<f4")
        assert np.allclose(vector, numbers["data"][index]["embedding"], atol=1e-6)
        assert numbers["data"][index]["nearest_captions"][0]["caption"] == texts[index]


def test_openais_own_models_are_the_default_painter(client: FlaskClient) -> None:
    assert answer(post(client, input="a rose", model="text-embedding-3-small"))["model"] == "knowing"


@pytest.mark.parametrize("dimensions", [None, 384])
def test_the_number_of_dimensions_may_be_stated(client: FlaskClient, dimensions: int | None) -> None:
    assert len(answer(post(client, input="a rose", dimensions=dimensions))["data"][0]["embedding"]) == 384


@pytest.mark.parametrize(
    ("body", "status", "message", "param"),
    [
        ({}, 400, f"the input must be a text, or an array of 1 to {MAX_INPUTS} texts", "input"),
        ({"input": None}, 400, "the input must be a text", "input"),
        ({"input": []}, 400, "the input must be a text", "input"),
        ({"input": [15339, 2266]}, 400, "the input must be a text", "input"),
        ({"input": ["a rose"] * (MAX_INPUTS + 1)}, 400, "the input must be a text", "input"),
        ({"input": " "}, 400, "the prompt is empty", None),
        ({"input": "a rose", "encoding_format": "int8"}, 400, "float, base64, not 'int8'", "encoding_format"),
        ({"input": "a rose", "dimensions": 256}, 400, "have 384 dimensions, not 256", "dimensions"),
        ({"input": "a rose", "model": "plain"}, 400, "takes no prompt", None),
        ({"input": "a rose", "model": "no-such"}, 404, "choose one of knowing, plain", None),
    ],
)
def test_what_cannot_be_encoded_is_refused_in_a_sentence(
    client: FlaskClient, body: dict[str, object], status: int, message: str, param: str | None
) -> None:
    response = post(client, **body)
    assert response.status_code == status and response.json is not None
    assert message in response.json["error"]["message"] and response.json["error"]["param"] == param
