"""What AUTOMATIC1111's clients query before they paint has a constant answer."""

import pytest
from flask.testing import FlaskClient

from painting.paint.painter import Painter
from painting.serving.api.a1111_stubs import CONSTANT_ANSWERS
from painting.serving.app import create_app
from painting.serving.settings import Settings


@pytest.mark.parametrize("name", CONSTANT_ANSWERS)
def test_each_list_is_answered(client: FlaskClient, name: str) -> None:
    response = client.get(f"/sdapi/v1/{name}")
    assert (response.status_code, response.json) == (200, CONSTANT_ANSWERS[name])


def test_a_list_needs_a_key_where_the_server_does(painter: Painter) -> None:
    client = create_app(painter, Settings(api_keys="secret")).test_client()
    assert client.get("/sdapi/v1/samplers").status_code == 401
    key = {"Authorization": "Bearer secret"}
    assert client.get("/sdapi/v1/samplers", headers=key).json == CONSTANT_ANSWERS["samplers"]
