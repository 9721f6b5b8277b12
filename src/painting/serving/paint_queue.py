"""Who paints next: requests come from many threads, the painter works on one at a time."""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from painting.errors import PaintingError
from painting.painter import Painter, Paintings
from painting.serving.errors import ServerBusy

STEADINESS = 0.8  # how much of the measured pace is kept when a new request was measured


class PaintQueue:
    """Paints for many threads with one painter, and turns requests away when too many wait."""

    def __init__(self, painter: Painter, most_waiting: int) -> None:
        self.painter = painter
        self.healthy = False
        self._most_waiting = most_waiting
        self._waiting = 0
        self._seconds = 0.05
        self._count_lock = threading.Lock()
        self._paint_lock = threading.Lock()

    def warm_up(self) -> None:
        """Paint once, so that the first request is not the slow one; raises what the painter raises."""
        prompt = next(iter(self.painter.manifest.example_prompts), "a picture")
        self.paint(prompt if self.painter.conditional else None, count=1, seed=0)

    def paint(self, prompt: str | None, count: int, seed: int | None) -> Paintings:
        """Paint when it is this request's turn; raises ServerBusy and what `Painter.paint` raises."""
        with self._place():
            with self._paint_lock:
                start = time.monotonic()
                paintings = self._paint(prompt, count, seed)
                self._seconds += (1 - STEADINESS) * (time.monotonic() - start - self._seconds)
        return paintings

    def _paint(self, prompt: str | None, count: int, seed: int | None) -> Paintings:
        try:
            paintings = self.painter.paint(prompt, count=count, seed=seed)
        except PaintingError:  # the request's fault, not the painter's
            raise
        except Exception:
            self.healthy = False
            raise
        self.healthy = True
        return paintings

    @contextmanager
    def _place(self) -> Iterator[None]:
        with self._count_lock:
            if self._waiting >= self._most_waiting:
                raise ServerBusy(retry_after=max(1, math.ceil(self._waiting * self._seconds)))
            self._waiting += 1
        try:
            yield
        finally:
            with self._count_lock:
                self._waiting -= 1
