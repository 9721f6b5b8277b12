"""`POST /v1/morphs`: an animation of what lies between two pictures."""

import io

import numpy as np
import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from PIL import Image

from painting.paint.paint_request import PaintOptions
from painting.paint.painter import Painter
from painting.serving.app import create_app
from painting.serving.settings import Settings


def test_a_morph_is_what_the_painter_alone_would_paint(client: FlaskClient, painter: Painter) -> None:
    asked = {"prompt": "a rose", "to_prompt": "a tulip", "seed": 3, "to_seed": 9, "steps": 6, "lossless": True}
    response = client.post("/v1/morphs", json={**asked, "loop": "once", "ms_a_frame": 100, "truncation": 0.8})
    assert (response.status_code, response.content_type) == (200, "image/webp")
    assert (response.headers["X-Painting-Seed"], response.headers["X-Painting-To-Seed"]) == ("3", "9")
    request = painter.morph_request("a rose", "a tulip", 3, 9, PaintOptions(0.8))
    assert response.data == painter.paint_morph(request, 6).webp(100, "once", lossless=True)
    animation = Image.open(io.BytesIO(response.data))
    assert getattr(animation, "n_frames", 1) == 6
    assert np.array_equal(np.asarray(animation.convert("RGB")), painter.paint("a rose", 1, 3, 0.8).arrays[0])


def test_a_morph_may_be_a_gif(client: FlaskClient, painter: Painter) -> None:
    body = {"prompt": "a rose", "to_prompt": "a tulip", "seed": 3, "steps": 4, "format": "gif"}
    response = client.post("/v1/morphs", json=body)
    assert response.content_type == "image/gif"
    assert response.data == painter.morph("a rose", "a tulip", 4, 3).gif()


def test_without_a_prompt_it_goes_from_seed_to_seed(plain_client: FlaskClient) -> None:
    response = plain_client.post("/v1/morphs", json={"steps": 4})
    assert response.status_code == 200
    assert response.headers["X-Painting-Seed"] != response.headers["X-Painting-To-Seed"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"prompt": "a rose"}, "same picture"),
        ({"prompt": "a rose", "to_prompt": "a tulip", "steps": 1}, "number of steps"),
        ({"prompt": "a rose", "to_prompt": "a tulip", "steps": 241}, "number of steps"),
        ({"prompt": "a rose", "to_prompt": "a tulip", "loop": "round"}, "the loop must be one of"),
        ({"prompt": "a rose", "to_prompt": "a tulip", "ms_a_frame": 5}, "time of a frame"),
        ({"prompt": "a rose", "to_prompt": "a tulip", "lossless": 1}, "lossless must be true or false, not 1"),
        ({"prompt": "a rose", "to_promt": "a tulip"}, "there is no field 'to_promt': did you mean to_prompt?"),
        ({"prompt": "a rose", "width": 64}, "there is no field 'width'; there are prompt, seed, truncation"),
    ],
)
def test_what_cannot_be_painted_is_refused(client: FlaskClient, body: dict[str, object], message: str) -> None:
    response = client.post("/v1/morphs", json=body)
    assert response.status_code == 400 and message in response.text


def test_frames_are_limited_as_set(painter: Painter) -> None:
    app: APIFlask = create_app(painter, Settings(max_frames=10))
    body = {"prompt": "a rose", "to_prompt": "a tulip", "steps": 11}
    response = app.test_client().post("/v1/morphs", json=body)
    assert response.status_code == 400 and "from 2 to 10" in response.text
