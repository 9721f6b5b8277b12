"""The part of Hugging Face's API that its client does not reach."""

import io

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from painting.images import decode_png
from painting.paint.painter import Painter

PATH = "/models/tiny"


def test_a_picture_is_answered_as_a_file_with_its_seed(client: FlaskClient, painter: Painter) -> None:
    response = client.post(PATH, json={"inputs": "a rose"})
    assert (response.status_code, response.content_type) == (200, "image/png")
    assert (response.headers["Cache-Control"], response.headers["X-Painting-Model"]) == ("no-store", "tiny")
    seed = int(response.headers["X-Painting-Seed"])
    assert np.array_equal(decode_png(response.data), painter.paint("a rose", 1, seed).arrays[0])


@pytest.mark.parametrize(
    ("accept", "kind"),
    [("image/webp", "WEBP"), ("image/jpeg, image/png;q=0.5", "JPEG"), ("*/*", "PNG"), ("text/html", "PNG")],
)
def test_the_accept_header_selects_the_kind_of_file(client: FlaskClient, accept: str, kind: str) -> None:
    response = client.post(PATH, json={"inputs": "a rose"}, headers={"Accept": accept})
    assert response.content_type == f"image/{kind.lower()}"
    assert Image.open(io.BytesIO(response.data)).format == kind


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"inputs": ""}, "empty"),
        ({"inputs": 7}, "the inputs must be a text, not 7"),
        ({"inputs": "a rose", "parameters": []}, "the parameters must be an object"),
        ({"inputs": "a rose", "parameters": {"seed": "x"}}, "the seed must be"),
        ({"inputs": "a rose", "parameters": {"width": 4000, "height": 64}}, "the width must be"),
    ],
)
def test_what_cannot_be_painted_is_refused(client: FlaskClient, body: dict[str, object], message: str) -> None:
    response = client.post(PATH, json=body)
    assert response.status_code == 400 and message in response.text


def test_one_side_alone_stands_for_both(client: FlaskClient) -> None:
    response = client.post(PATH, json={"inputs": "a rose", "parameters": {"width": 64}})
    assert decode_png(response.data).shape == (64, 64, 3)
    assert (response.headers["X-Painting-Size"], "X-Painting-Fit" in response.headers) == ("16x16", False)
