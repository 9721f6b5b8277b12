"""A client's connection, which may be closed while its answer is made."""

import threading
from collections.abc import Callable


class Client:
    """Whoever waits for an answer, at the other end of a connection; one that can leave."""

    def __init__(self) -> None:
        self.gone = False
        self._callbacks: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    def leave(self) -> None:
        """Note that the connection was closed, and tell whoever works for it."""
        with self._lock:
            self.gone, callbacks = True, list(self._callbacks)
        for callback in callbacks:
            callback()

    def when_gone(self, callback: Callable[[], None]) -> None:
        """Have something done when the client leaves; at once if it has left."""
        with self._lock:
            self._callbacks.append(callback)
            gone = self.gone
        if gone:
            callback()
