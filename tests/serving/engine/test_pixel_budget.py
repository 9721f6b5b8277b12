"""Pixels on their way are bounded, whoever asks for how many."""

import threading
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from painting.serving.engine.encoding import MOST_PIXELS, PictureFormat
from painting.serving.engine.pixel_budget import PixelRoom
from painting.serving.errors import ServerBusy

LARGE = {"prompt": "a red rose", "size": "1024x1024"}


def test_room_is_taken_and_comes_back() -> None:
    room = PixelRoom(100)
    room.take(60)
    with pytest.raises(ServerBusy, match="making files"):
        room.take(41)
    room.take(40)
    room.give_back(60)
    room.take(60)


def test_a_request_larger_than_the_room_is_served_when_nobody_else_is() -> None:
    room = PixelRoom(100)
    room.take(500)
    with pytest.raises(ServerBusy):
        room.take(1)
    room.give_back(500)
    room.take(1)


@pytest.fixture
def held_up(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """Encoding begins with the first event and stands still until the second."""
    begun, released = threading.Event(), threading.Event()

    def encode(*_: object) -> bytes:
        begun.set()
        released.wait(30)
        return b"a file"

    monkeypatch.setattr(PictureFormat, "encode", encode)
    return begun, released


def test_what_does_not_fit_beside_files_being_made_is_turned_away_at_once_and_taken_later(
    client: FlaskClient, held_up: tuple[threading.Event, threading.Event]
) -> None:
    begun, released = held_up
    ask: Callable[[int], int] = lambda n: client.post("/v1/images/generations", json={**LARGE, "n": n}).status_code  # noqa: E731
    answers: list[int] = []
    first = threading.Thread(target=lambda: answers.append(ask(MOST_PIXELS // 1024**2)))
    first.start()
    try:
        assert begun.wait(30)
        refused = client.post("/v1/images/generations", json={**LARGE, "n": 1})
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
    finally:
        released.set()
        first.join(30)
    assert answers == [200]
    assert ask(1) == 200
