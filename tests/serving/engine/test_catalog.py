"""Painters are found by name, by OpenAI's model names and by what a client chose."""

from pathlib import Path

import pytest

from painting.errors import InvalidRequest
from painting.paint.painter import Painter
from painting.serving.auth import Client
from painting.serving.client import ClientConnection
from painting.serving.engine.catalog import PainterCatalog
from painting.serving.engine.client_choices import ModelChoices
from painting.serving.errors import NotFound


@pytest.fixture
def catalog(painter: Painter, unconditional_painter: Path) -> PainterCatalog:
    return PainterCatalog([painter, Painter.load(unconditional_painter, threads=1)], ModelChoices())


def client(identity: str) -> Client:
    return Client(ClientConnection(), identity)


@pytest.mark.parametrize("name", [None, "", "tiny", "dall-e-3", "gpt-image-1", "chatgpt-image-latest"])
def test_the_first_painter_is_the_default(catalog: PainterCatalog, name: str | None) -> None:
    assert catalog.painter(name) is catalog.painters[0]


def test_another_painter_is_found_by_its_name_alone(catalog: PainterCatalog) -> None:
    other = catalog.painters[1]
    assert catalog.painter(other.name) is other
    with pytest.raises(NotFound, match=f"choose one of tiny, {other.name}"):
        catalog.painter(other.name.upper())


def test_each_client_has_its_own_choice(catalog: PainterCatalog) -> None:
    other = catalog.painters[1]
    catalog.choose(client("one"), other)
    assert catalog.choice(client("one")) == other.name
    assert catalog.choice(client("another")) is None


def test_two_painters_of_one_name_are_refused(painter: Painter) -> None:
    with pytest.raises(InvalidRequest, match="two painters have the name 'tiny'"):
        PainterCatalog([painter, painter], ModelChoices())
