"""What AUTOMATIC1111's clients query before they paint has a constant answer."""

import pytest
from flask.testing import FlaskClient

from painting.paint.painter import Painter
from painting.serving.api.a1111_stubs import GET_ANSWERS, POST_ANSWERS
from painting.serving.app import create_app
from painting.serving.settings import Settings


@pytest.mark.parametrize("name", GET_ANSWERS)
def test_each_list_is_answered(client: FlaskClient, name: str) -> None:
    response = client.get(f"/sdapi/v1/{name}")
    assert (response.status_code, response.json) == (200, GET_ANSWERS[name])


@pytest.mark.parametrize("name", POST_ANSWERS)
def test_each_order_is_answered_with_and_without_a_body(client: FlaskClient, name: str) -> None:
    path = f"/sdapi/v1/{name}"
    json_type = {"Content-Type": "application/json"}
    for response in (client.post(path), client.post(path, headers=json_type), client.post(path, json={})):
        assert (response.status_code, response.json) == (200, POST_ANSWERS[name])


def test_a_list_needs_a_key_where_the_server_does(painter: Painter) -> None:
    client = create_app(painter, Settings(api_keys="secret")).test_client()
    assert client.get("/sdapi/v1/samplers").status_code == 401
    key = {"Authorization": "Bearer secret"}
    assert client.get("/sdapi/v1/samplers", headers=key).json == GET_ANSWERS["samplers"]
