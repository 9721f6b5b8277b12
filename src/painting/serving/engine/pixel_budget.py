"""Pixel budget: bounds the pixels of all requests in progress, hence memory; clients take turns."""

import threading
from dataclasses import dataclass
from functools import partial

from painting.serving.auth import Client
from painting.serving.engine.encoding import MAX_REQUEST_PIXELS
from painting.serving.engine.shares import Shares
from painting.serving.errors import ServerBusy

MAX_PIXELS = 5 * MAX_REQUEST_PIXELS // 2  # the largest request leaves room for small ones in its client's half
MAX_WAITING = 64  # requests; each occupies a thread
RETRY_SECONDS = 1  # the largest request is encoded in a few seconds


@dataclass(eq=False)
class Waiting:
    """A request that waits for its turn."""

    client: str
    pixels: int


class PixelBudget:
    """A budget of pixels from painting to the finished response, of which a client has half at most.

    A request that does not fit waits for its turn: clients that hold least go first, then those that came first.
    """

    def __init__(self, wait_seconds: float, max_pixels: int = MAX_PIXELS) -> None:
        self._wait_seconds = wait_seconds
        self._held = Shares(max_pixels)
        self._places = Shares(MAX_WAITING)
        self._line: list[Waiting] = []
        self._changed = threading.Condition()

    def reserve(self, pixels: int, client: Client) -> None:
        """Reserve pixels until the client's request is answered; raises ServerBusy where it is never its turn."""
        request = Waiting(client.identity, pixels)
        with self._changed:
            if not self._places.fit(request.client, 1):
                raise _busy()
            self._places.add(request.client, 1)
            self._line.append(request)
            is_served = self._changed.wait_for(lambda: self._is_next(request), self._wait_seconds)
            self._line.remove(request)
            self._places.remove(request.client, 1)
            if is_served:
                self._held.add(request.client, pixels)
            self._changed.notify_all()
        if not is_served:
            raise _busy()
        client.connection.on_answered(partial(self._release, request))

    def _is_next(self, request: Waiting) -> bool:
        first = min(self._line, key=lambda waiting: self._held.of(waiting.client))
        return request is first and self._held.fit(request.client, request.pixels)

    def _release(self, request: Waiting) -> None:
        with self._changed:
            self._held.remove(request.client, request.pixels)
            self._changed.notify_all()


def _busy() -> ServerBusy:
    return ServerBusy(RETRY_SECONDS, "busy encoding files")
