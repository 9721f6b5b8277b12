"""Pixels in flight are bounded over all requests together."""

import threading
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from painting.serving.engine.encoding import MAX_REQUEST_PIXELS, PictureFormat
from painting.serving.engine.pixel_budget import PixelBudget
from painting.serving.errors import ServerBusy

LARGE = {"prompt": "a red rose", "size": "1024x1024"}


def test_reserved_pixels_are_given_back() -> None:
    budget = PixelBudget(100)
    with budget.reserve(60):
        with pytest.raises(ServerBusy, match="encoding files"), budget.reserve(41):
            pass
        with budget.reserve(40):
            pass
    with budget.reserve(40), budget.reserve(60):
        pass


def test_a_request_larger_than_the_budget_is_served_alone() -> None:
    budget = PixelBudget(100)
    with budget.reserve(500), pytest.raises(ServerBusy), budget.reserve(1):
        pass
    with budget.reserve(1):
        pass


def test_a_failed_request_gives_its_pixels_back() -> None:
    budget = PixelBudget(100)
    with pytest.raises(RuntimeError), budget.reserve(100):
        raise RuntimeError
    with budget.reserve(100):
        pass


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


def test_what_does_not_fit_beside_files_being_made_is_rejected_at_once_and_accepted_later(
    client: FlaskClient, held_up: tuple[threading.Event, threading.Event]
) -> None:
    begun, released = held_up
    ask: Callable[[int], int] = lambda n: client.post("/v1/images/generations", json={**LARGE, "n": n}).status_code  # noqa: E731
    answers: list[int] = []
    first = threading.Thread(target=lambda: answers.append(ask(MAX_REQUEST_PIXELS // 1024**2)))
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
