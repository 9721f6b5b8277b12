"""Admission control: a request waits for a painter only if it will be painted before its deadline."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from painting.serving.engine.shares import Shares
from painting.serving.errors import ServerBusy

MAX_RETRY_SECONDS = 60
DEADLINE_FRACTION = 0.8  # of the deadline, promised: the pace is an estimate, and encoding comes after painting


class Admission:
    """Admits requests to a painter's queue by their predicted wait.

    A request is rejected at once when it would be painted more than `deadline_seconds` from now, as clients take turns,
    or when `max_queue` requests wait, of which a client may have half. An idle painter admits any request, as no other
    time would be sooner. `seconds_per_picture()` is the measured pace; `on_change` is called with the number of waiting
    pictures whenever it changes.
    """

    def __init__(
        self,
        seconds_per_picture: Callable[[], float],
        deadline_seconds: float,
        max_queue: int,
        on_change: Callable[[int], None],
    ) -> None:
        self._seconds_per_picture = seconds_per_picture
        self._deadline_seconds = deadline_seconds
        self._on_change = on_change
        self._requests = Shares(max_queue)
        self._pictures = Shares(math.inf)
        self._lock = threading.Lock()

    @contextmanager
    def admit(self, pictures: int, client: str) -> Iterator[float]:
        """Queue a client's pictures for the duration of the block; yields the time.monotonic() of their deadline.

        Raises ServerBusy, whose `retry_after` is the predicted time until the present queue is painted.
        """
        with self._lock:
            pace = self._seconds_per_picture()
            seconds = pace * self._pictures.served_before(client, pictures)
            is_late = self._pictures.total > 0 and seconds > DEADLINE_FRACTION * self._deadline_seconds
            if is_late or not self._requests.fit(client, 1):
                raise ServerBusy(min(MAX_RETRY_SECONDS, max(1, math.ceil(self._pictures.total * pace))))
            self._requests.add(client, 1)
            self._pictures.add(client, pictures)
            self._on_change(self._pictures.total)
        try:
            yield time.monotonic() + self._deadline_seconds
        finally:
            with self._lock:
                self._requests.remove(client, 1)
                self._pictures.remove(client, pictures)
                self._on_change(self._pictures.total)
