"""Pixel budget: bounds the pixels in flight, from the first forward pass to the encoded file, hence memory."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from painting.serving.errors import ServerBusy

RETRY_SECONDS = 1  # the largest request is encoded in a few seconds


class PixelBudget:
    """A budget of `max_pixels` in flight; a single request may exceed it when no other is in flight."""

    def __init__(self, max_pixels: int) -> None:
        self._max_pixels = max_pixels
        self._reserved = 0
        self._lock = threading.Lock()

    @contextmanager
    def reserve(self, pixels: int) -> Iterator[None]:
        """Reserve pixels for the duration of the block; raises ServerBusy where they exceed the budget."""
        with self._lock:
            if self._reserved and self._reserved + pixels > self._max_pixels:
                raise ServerBusy(RETRY_SECONDS, "busy encoding files")
            self._reserved += pixels
        try:
            yield
        finally:
            with self._lock:
                self._reserved -= pixels
