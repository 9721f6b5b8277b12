"""Pixels in flight are bounded over all requests together."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient

from painting.serving.auth import Client
from painting.serving.client import ClientConnection
from painting.serving.engine.encoding import MAX_REQUEST_PIXELS, PictureFormat
from painting.serving.engine.pixel_budget import PixelBudget
from painting.serving.errors import ServerBusy

LARGE = {"prompt": "a red rose", "size": "1024x1024"}


def client_of(identity: str) -> Client:
    """A client with one request."""
    return Client(ClientConnection(), identity)


def budget_of(pixels: int, seconds: float = 0) -> PixelBudget:
    return PixelBudget(seconds, pixels)


def test_pixels_are_reserved_until_the_request_is_answered() -> None:
    budget, first = budget_of(100), client_of("one")
    budget.reserve(60, first)
    with pytest.raises(ServerBusy, match="encoding files"):
        budget.reserve(41, client_of("other"))
    budget.reserve(40, client_of("other"))
    first.connection.answered()
    budget.reserve(60, client_of("third"))


def test_a_client_has_half_of_the_budget_and_another_the_rest() -> None:
    budget = budget_of(100)
    budget.reserve(30, client_of("greedy"))
    budget.reserve(20, client_of("greedy"))
    with pytest.raises(ServerBusy):
        budget.reserve(1, client_of("greedy"))
    budget.reserve(50, client_of("another"))


def test_a_request_larger_than_the_budget_is_served_alone() -> None:
    budget, large = budget_of(100), client_of("one")
    budget.reserve(500, large)
    with pytest.raises(ServerBusy):
        budget.reserve(1, client_of("other"))
    large.connection.answered()
    budget.reserve(1, client_of("other"))


def test_who_holds_least_goes_first_and_then_who_came_first() -> None:
    budget, holding, order = budget_of(100, 60), client_of("greedy"), []
    budget.reserve(50, holding)
    full = client_of("another")
    budget.reserve(50, full)

    def wait(identity: str, pixels: int, number: int) -> None:
        client = client_of(identity)
        budget.reserve(pixels, client)
        order.append(number)
        client.connection.answered()

    with ThreadPoolExecutor(8) as threads:
        waits = [("greedy", 40), ("greedy", 5), ("third", 50), ("fourth", 2), ("fifth", 2)]
        for number, (identity, pixels) in enumerate(waits):
            threads.submit(wait, identity, pixels, number)
            while len(budget._line) <= number:
                time.sleep(0.001)
        full.connection.answered()
        while len(order) < 3:
            time.sleep(0.001)
        holding.connection.answered()
    assert order[:3] == [2, 3, 4] and sorted(order) == [0, 1, 2, 3, 4]


def test_a_client_occupies_half_of_the_places_in_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("painting.serving.engine.pixel_budget.MAX_WAITING", 4)
    budget, holding = budget_of(100, 60), client_of("another")
    budget.reserve(100, holding)
    with ThreadPoolExecutor(8) as threads:
        for _ in range(2):
            threads.submit(budget.reserve, 1, client_of("greedy"))
        while len(budget._line) < 2:
            time.sleep(0.001)
        with pytest.raises(ServerBusy):
            budget.reserve(1, client_of("greedy"))
        threads.submit(budget.reserve, 1, client_of("modest"))
        while len(budget._line) < 3:
            time.sleep(0.001)
        holding.connection.answered()
    assert not budget._line


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


def test_while_one_client_has_its_largest_files_made_others_are_served(
    client: FlaskClient, held_up: tuple[threading.Event, threading.Event]
) -> None:
    begun, released = held_up
    other = {"REMOTE_ADDR": "203.0.113.7"}
    answers: list[int] = []

    def post(count: int, **more: object) -> int:
        body = {**LARGE, "n": count}
        return client.post("/v1/images/generations", json=body, **more).status_code

    largest = MAX_REQUEST_PIXELS // 1024**2
    threads = [threading.Thread(target=lambda: answers.append(post(largest)))]
    threads[0].start()
    try:
        assert begun.wait(30)
        threads.append(threading.Thread(target=lambda: answers.append(post(largest, environ_overrides=other))))
        threads.append(threading.Thread(target=lambda: answers.append(post(1))))
        for thread in threads[1:]:
            thread.start()
    finally:
        released.set()
        for thread in threads:
            thread.join(30)
    assert answers == [200] * 3
