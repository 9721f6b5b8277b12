"""A request's files are made side by side and come in its order."""

import threading
import time
from typing import Any

import pytest

from painting.painter import Painter
from painting.serving.auth import Client
from painting.serving.client import ClientConnection
from painting.serving.engine.image_request import Order
from painting.serving.engine.service import PaintService
from painting.serving.settings import Settings


@pytest.fixture
def service(painter: Painter) -> Any:
    made = PaintService([painter], Settings(threads=2, picture_cache_mib=0), lambda: None)
    made.start()
    yield made
    made.close()


@pytest.fixture
def requester() -> Client:
    return Client(ClientConnection(), "somebody")


def ordered(service: PaintService, count: int) -> Order:
    painter = service.painter()
    return service.order(painter.request("a red circle", count, 7))


def test_two_files_of_a_request_are_made_at_the_same_time(
    service: PaintService, requester: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    both, encode = threading.Barrier(2, timeout=20), Order.file
    monkeypatch.setattr(Order, "file", lambda *given: (both.wait(), encode(*given))[1])
    assert len(service.paint(ordered(service, 2), requester)) == 2


def test_files_come_in_the_order_of_seeds_whichever_is_made_first(
    service: PaintService, requester: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [service.paint(ordered(service, 1), requester)[0], *service.paint(ordered(service, 3), requester)[1:]]
    encode = Order.file

    def first_last(order: Order, index: int, picture: Any) -> bytes:
        time.sleep(0.2 if index == 0 else 0)
        return encode(order, index, picture)

    monkeypatch.setattr(Order, "file", first_last)
    assert service.paint(ordered(service, 3), requester) == wanted


def test_what_one_file_fails_of_is_told_when_those_begun_are_made(
    service: PaintService, requester: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    both = threading.Barrier(2, timeout=20)

    def failing(order: Order, index: int, picture: Any) -> bytes:
        both.wait()
        if index == 0:
            raise OSError("no room")
        time.sleep(0.1)
        made.append(index)
        return b""

    monkeypatch.setattr(Order, "file", failing)
    with pytest.raises(OSError, match="no room"):
        service.paint(ordered(service, 2), requester)
    assert made == [1]
