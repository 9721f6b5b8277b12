"""Apps around a tiny painter, and their clients."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from tests.conftest import MakePainter

from painting.paint.painter import Painter
from painting.serving.app import create_app
from painting.serving.settings import Settings
from painting.serving.state import state_of
from painting.text.encoder import TextEncoder


@pytest.fixture(scope="session")
def painter(make_lasting_painter: MakePainter, text_encoder: TextEncoder) -> Painter:
    return Painter.load(make_lasting_painter(), text_encoder, threads=1)


@pytest.fixture(scope="module")
def app(painter: Painter) -> Iterator[APIFlask]:
    """An app for all tests of a module."""
    app = create_app(painter, Settings())
    yield app
    state_of(app).service.renderer.close()


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def plain_client(unconditional_painter: Path) -> FlaskClient:
    """A client of a painter that takes no prompt."""
    return create_app(Painter.load(unconditional_painter, threads=1), Settings()).test_client()
