"""Who may wait for a painter: as many as will be painted within the deadline, by the measured pace."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from painting.serving.errors import ServerBusy

LONGEST_RETRY = 60
SURE = 0.8  # share of the deadline that is promised: the pace was measured before, and files are made after


class Admission:
    """Places for requests that wait; `pace()` gives the seconds that a picture takes.

    A request is turned away at once when it would be painted later than `deadline` seconds from now. An idle painter
    takes any request: nobody would take it sooner.
    """

    def __init__(self, pace: Callable[[], float], deadline: float, max_queue: int, told: Callable[[int], None]) -> None:
        """Begin with nobody waiting; `told` learns how many pictures wait whenever that changes."""
        self.waiting_requests = self.waiting_pictures = 0
        self._pace, self._deadline, self._most_waiting = pace, deadline, max_queue
        self._told, self._lock = told, threading.Lock()

    @contextmanager
    def place(self, pictures: int) -> Iterator[float]:
        """Hold a place for so many pictures: yields the time.monotonic() by which they must be begun.

        Raises ServerBusy, which tells when what waits now will be painted.
        """
        with self._lock:
            seconds = (self.waiting_pictures + pictures) * self._pace()
            late = self.waiting_pictures > 0 and seconds > SURE * self._deadline
            if late or self.waiting_requests >= self._most_waiting:
                raise ServerBusy(min(LONGEST_RETRY, max(1, math.ceil(self.waiting_pictures * self._pace()))))
            self._count(1, pictures)
        try:
            yield time.monotonic() + self._deadline
        finally:
            with self._lock:
                self._count(-1, -pictures)

    def _count(self, requests: int, pictures: int) -> None:
        self.waiting_requests += requests
        self.waiting_pictures += pictures
        self._told(self.waiting_pictures)
