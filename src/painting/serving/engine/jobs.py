"""Pictures that somebody waits for.

N counts pictures, Z is the latent size, E the width of a text vector, H and W are a picture's sides in px.
"""

import threading
import time

import numpy as np

from painting.images import FloatArray, UInt8Array
from painting.serving.client import ClientConnection
from painting.serving.errors import ClientDisconnected, ServerBusy


class Job:
    """Latents (N, Z) and text vectors (N, E) to paint, begun before `deadline` (of time.monotonic) or never."""

    def __init__(
        self, latents: FloatArray, vectors: FloatArray | None, deadline: float, client: ClientConnection
    ) -> None:
        self.latents, self.vectors, self.deadline = latents, vectors, deadline
        self._pictures: list[UInt8Array] = []
        self._taken = self._given = 0
        self._problem: Exception | None = None
        self._ended = threading.Event()
        client.on_disconnect(
            self._leave
        )  # it holds the job now, which must not hold it: its pictures would outlive both

    def __len__(self) -> int:
        return len(self.latents)

    def wanted(self) -> bool:
        """Whether it should still be painted; one that is too late before it was begun fails."""
        if not self._ended.is_set() and not self._taken and time.monotonic() > self.deadline:
            self.fail(ServerBusy(1, "slower than it promised"))
        return not self._ended.is_set()

    def take(self, most: int) -> tuple[int, int]:
        """Take the next rows to paint, at most so many: where they begin and end."""
        start, self._taken = self._taken, min(len(self), self._taken + most)
        return start, self._taken

    def give(self, start: int, pictures: UInt8Array) -> None:
        """Take painted rows (n, H, W, 3), which come in their order."""
        assert start == self._given
        self._pictures.append(pictures)
        self._given += len(pictures)
        if self._given == len(self):
            self._ended.set()

    def fail(self, problem: Exception) -> None:
        """End without pictures."""
        self._problem = problem
        self._ended.set()

    def result(self) -> UInt8Array:
        """Wait for the pictures: uint8 (N, H, W, 3); raises what it failed of."""
        self._ended.wait()
        if self._problem:
            raise self._problem
        return np.concatenate(self._pictures)

    def _leave(self) -> None:
        if not self._ended.is_set():
            self.fail(ClientDisconnected("whoever asked has left"))


Rows = tuple[Job, int, int]  # the rows of a job from one to before another


def split(pictures: UInt8Array, batch: list[Rows]) -> list[UInt8Array]:
    """Share out painted rows (N, H, W, 3) as they were taken from the jobs of a batch."""
    ends = np.cumsum([stop - start for _, start, stop in batch])
    return np.split(pictures, ends[:-1])
