"""The state that routes share, and the client of a request."""

from collections.abc import Iterator

import pytest
from apiflask import APIFlask

from painting.paint.painter import Painter
from painting.serving.app import create_app
from painting.serving.auth import CONNECTION_KEY
from painting.serving.client import ClientConnection
from painting.serving.engine.client_choices import ModelChoices
from painting.serving.errors import Unauthorized
from painting.serving.settings import Settings
from painting.serving.state import ProcessHooks, current_client, identify_client, state, state_of


@pytest.fixture
def guarded(painter: Painter) -> Iterator[APIFlask]:
    """An app that requires a key."""
    app = create_app(painter, Settings(api_keys="key"))
    yield app
    state_of(app).service.renderer.close()


def test_a_route_finds_the_state_of_its_own_app(app: APIFlask, guarded: APIFlask) -> None:
    with app.test_request_context("/"):
        assert state() is state_of(app)
    with guarded.test_request_context("/"):
        assert state() is state_of(guarded)
        assert state().settings.api_keys == "key"


def test_a_client_is_identified_once_by_its_key_or_its_address(app: APIFlask, guarded: APIFlask) -> None:
    with guarded.test_request_context("/"), pytest.raises(Unauthorized):
        identify_client()
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": "192.0.2.7"}):
        identify_client()
        assert current_client().identity == "192.0.2.7"


def test_a_client_has_the_connection_that_the_server_process_watches(app: APIFlask) -> None:
    connection = ClientConnection()
    with app.test_request_context("/", environ_base={CONNECTION_KEY: connection}):
        identify_client()
        assert current_client().connection is connection
    with app.test_request_context("/"):
        identify_client()
        assert not current_client().connection.disconnected


def test_an_app_that_runs_alone_drains_never_and_shares_no_choices() -> None:
    one, other = ProcessHooks(), ProcessHooks()
    assert not one.is_draining()
    assert one.choices is not other.choices


def test_choices_of_the_process_are_those_of_the_app(painter: Painter) -> None:
    choices = ModelChoices()
    app = create_app(painter, Settings(), ProcessHooks(choices=choices))
    client = app.test_client()
    assert client.post("/sdapi/v1/options", json={"sd_model_checkpoint": painter.name}).status_code == 200
    assert choices.get("127.0.0.1") == 0
    state_of(app).service.renderer.close()
