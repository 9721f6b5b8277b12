"""Admission control: a request waits for a painter only if it will be painted before its deadline."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from painting.serving.errors import ServerBusy

MAX_RETRY_SECONDS = 60
DEADLINE_FRACTION = 0.8  # of the deadline, promised: the pace is an estimate, and encoding comes after painting


class Admission:
    """Admits requests to a painter's queue by their predicted wait.

    A request is rejected at once when it would be painted more than `deadline_seconds` from now, or when `max_queue`
    requests wait. An idle painter admits any request, as no other time would be sooner. `seconds_per_picture()` is the
    measured pace; `on_change` is called with the number of waiting pictures whenever it changes.
    """

    def __init__(
        self,
        seconds_per_picture: Callable[[], float],
        deadline_seconds: float,
        max_queue: int,
        on_change: Callable[[int], None],
    ) -> None:
        self.waiting_requests = 0
        self.waiting_pictures = 0
        self._seconds_per_picture = seconds_per_picture
        self._deadline_seconds = deadline_seconds
        self._max_queue = max_queue
        self._on_change = on_change
        self._lock = threading.Lock()

    @contextmanager
    def admit(self, pictures: int) -> Iterator[float]:
        """Queue so many pictures for the duration of the block; yields the time.monotonic() of their deadline.

        Raises ServerBusy, whose `retry_after` is the predicted time until the present queue is painted.
        """
        with self._lock:
            pace = self._seconds_per_picture()
            seconds = (self.waiting_pictures + pictures) * pace
            too_late = self.waiting_pictures > 0 and seconds > DEADLINE_FRACTION * self._deadline_seconds
            if too_late or self.waiting_requests >= self._max_queue:
                raise ServerBusy(min(MAX_RETRY_SECONDS, max(1, math.ceil(self.waiting_pictures * pace))))
            self._count(1, pictures)
        try:
            yield time.monotonic() + self._deadline_seconds
        finally:
            with self._lock:
                self._count(-1, -pictures)

    def _count(self, requests: int, pictures: int) -> None:
        self.waiting_requests += requests
        self.waiting_pictures += pictures
        self._on_change(self.waiting_pictures)
