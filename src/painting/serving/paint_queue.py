"""Who paints next: requests come from many threads, the painter works on one at a time."""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from painting.errors import PaintingError
from painting.images import UInt8Array
from painting.paintings import Paintings, PaintRequest
from painting.serving.errors import ServerBusy

if TYPE_CHECKING:
    from painting.painter import Painter

STEADINESS = 0.8  # how much of the measured pace stays when another request was measured
FIRST_PACE = 0.05  # seconds a request, until one was measured


class PaintQueue:
    """Paints for many threads with one painter, and turns requests away when too many wait.

    `healthy`: whether the painter's last work went well.
    """

    def __init__(self, painter: "Painter", most_waiting: int) -> None:
        self.painter = painter
        self.healthy = False
        self._most_waiting = most_waiting
        self._waiting = 0
        self._pace = FIRST_PACE
        self._waiting_lock = threading.Lock()
        self._painter_lock = threading.Lock()

    def warm_up(self) -> None:
        """Paint once, so that the first request is not the slow one; raises what the painter raises."""
        prompt = next(iter(self.painter.manifest.example_prompts), "a picture")
        self.paint(prompt if self.painter.conditional else None, count=1, seed=0)

    def paint(self, prompt: str | None, count: int, seed: int | None) -> Paintings:
        """Paint when it is this request's turn; raises InvalidRequest, ServerBusy and PainterFileError."""
        # Checked at once: what cannot be painted waits for nobody.
        request = self.painter.request(prompt, count, seed)
        with self._place():
            return request.painted(self._paint(request))

    def _paint(self, request: PaintRequest) -> UInt8Array:
        with self._painter_lock:
            start = time.monotonic()
            try:
                arrays = self.painter.paint_arrays(request.prompts, request.seeds)
            except Exception as error:
                # A request may be refused without the painter being ill.
                self.healthy = isinstance(error, PaintingError) and error.http_status < 500
                raise
            self.healthy = True
            self._pace += (1 - STEADINESS) * (time.monotonic() - start - self._pace)
            return arrays

    @contextmanager
    def _place(self) -> Iterator[None]:
        """Hold one of the places in the queue; raises ServerBusy when all are taken."""
        with self._waiting_lock:
            if self._waiting >= self._most_waiting:
                raise ServerBusy(retry_after=max(1, math.ceil(self._waiting * self._pace)))
            self._waiting += 1
        try:
            yield
        finally:
            with self._waiting_lock:
                self._waiting -= 1
