"""How many pixels are on their way at once, from the first stroke to the file: what bounds memory and encoding."""

import threading

from painting.serving.errors import ServerBusy

SOON = 1  # second: the largest request is encoded in a few


class PixelRoom:
    """Room for so many pixels; a single request may take more where nobody else holds any."""

    def __init__(self, most: int) -> None:
        self._most, self._taken, self._lock = most, 0, threading.Lock()

    def take(self, pixels: int) -> None:
        """Take room, to be given back; raises ServerBusy where there is not enough."""
        with self._lock:
            if self._taken and self._taken + pixels > self._most:
                raise ServerBusy(SOON, "busy making files")
            self._taken += pixels

    def give_back(self, pixels: int) -> None:
        """Give room back that was taken."""
        with self._lock:
            self._taken -= pixels
