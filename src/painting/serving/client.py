"""A client's connection, which may close before its answer is ready."""

import threading
from collections.abc import Callable

SEND_BUFFER_BYTES = 1 << 17  # that the kernel takes of an answer at once, and keeps until its client reads it
MAX_UNREAD_SECONDS = 30  # without a byte taken, after which the kernel closes the connection


class ClientConnection:
    """The connection that a request came by: open, or `disconnected`, with callbacks for that and for the answer."""

    def __init__(self) -> None:
        self.disconnected = False
        self._on_disconnect: list[Callable[[], None]] = []
        self._on_answered: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    def disconnect(self) -> None:
        """Mark the connection as closed before its answer, and run the callbacks for that."""
        with self._lock:
            self.disconnected = True
            callbacks = list(self._on_disconnect)
        for callback in callbacks:
            callback()

    def answered(self) -> None:
        """Run the callbacks for the request's end: its response is ready, or failed."""
        with self._lock:
            callbacks = list(self._on_answered)
            self._on_answered.clear()
        for callback in callbacks:
            callback()

    def on_disconnect(self, callback: Callable[[], None]) -> None:
        """Register a callback for the disconnection; it runs at once where that has happened."""
        with self._lock:
            self._on_disconnect.append(callback)
            disconnected = self.disconnected
        if disconnected:
            callback()

    def on_answered(self, callback: Callable[[], None]) -> None:
        """Register a callback for the request's end, which the requesting thread has yet to reach."""
        with self._lock:
            self._on_answered.append(callback)
