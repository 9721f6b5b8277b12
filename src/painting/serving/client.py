"""A client's connection, which may close before its answer is ready."""

import threading
from collections.abc import Callable


class ClientConnection:
    """The connection that a request came by: open, or `disconnected`, with callbacks for that moment."""

    def __init__(self) -> None:
        self.disconnected = False
        self._callbacks: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    def disconnect(self) -> None:
        """Mark the connection as closed and run the callbacks."""
        with self._lock:
            self.disconnected = True
            callbacks = list(self._callbacks)
        for callback in callbacks:
            callback()

    def on_disconnect(self, callback: Callable[[], None]) -> None:
        """Register a callback for the disconnection; it runs at once where that has happened."""
        with self._lock:
            self._callbacks.append(callback)
            disconnected = self.disconnected
        if disconnected:
            callback()
