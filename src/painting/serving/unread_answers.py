"""Answers that clients have not read: bounded in bytes, for each client and in all, and in time.

The kernel takes an answer up to its send buffer at once; what is larger stays in this process until its client reads.
"""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from flask import Flask, Response, request

from painting.serving.client import SEND_BUFFER_BYTES
from painting.serving.engine.shares import Shares
from painting.serving.errors import ServerBusy, painting_error_answer
from painting.serving.state import state

MAX_UNREAD_BYTES = 1 << 26  # of answers above the send buffer, in one process
RETRY_SECONDS = 5
UNTIL_READ_KEY = "painting.until_read"  # of a request's environment: an ExitStack, closed once the answer is read


class UnreadAnswers:
    """Counts the bytes of large answers from when they are ready until they are read; thread-safe."""

    def __init__(self, max_bytes: int = MAX_UNREAD_BYTES) -> None:
        self._shares = Shares(max_bytes)
        self._lock = threading.Lock()

    @contextmanager
    def count(self, client: str, size: int) -> Iterator[None]:
        """Count an answer for the duration of the block; raises ServerBusy where too much is unread already."""
        with self._lock:
            if not self._shares.fit(client, size):
                raise ServerBusy(RETRY_SECONDS, "busy, as earlier answers have not been read yet")
            self._shares.add(client, size)
        try:
            yield
        finally:
            with self._lock:
                self._shares.remove(client, size)


def bound_unread_answers(app: Flask) -> None:
    """Register the hook that refuses a large answer where too much is unread already."""
    unread = UnreadAnswers()

    def count_unread(response: Response) -> Response:
        size = response.content_length or 0
        until_read: ExitStack | None = request.environ.get(UNTIL_READ_KEY)
        if until_read is None or size <= SEND_BUFFER_BYTES or request.method == "HEAD":
            return response
        try:
            until_read.enter_context(unread.count(state().authenticator.address(request), size))
        except ServerBusy as busy:
            state().service.metrics.count_rejected(busy.http_status)
            return painting_error_answer(busy)
        return response

    app.after_request(count_unread)
