"""One thread a painter: what waits is painted together, first come, first served.

N counts pictures, Z is the latent size, E the width of a text vector, H and W are a picture's sides in px.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from painting.errors import PainterFileError, PaintingError
from painting.images import FloatArray, UInt8Array
from painting.painter import Painter
from painting.serving.engine.jobs import Job, Rows, split

log = logging.getLogger(__name__)

STEADINESS = 0.8  # how much of the measured pace stays when another batch was measured
HUNG_SECONDS = 60.0  # a batch takes milliseconds; after so long it will not end


@dataclass(frozen=True)
class Watchers:
    """Who is told: of each batch its pictures and seconds, and of the thread's end."""

    painted: Callable[[int, float], None] = lambda pictures, seconds: None
    died: Callable[[], None] = lambda: None


class PaintingThread:
    """Paints jobs with one painter, at most `max_batch_size` pictures at a time, and never waits for a batch to fill.

    `healthy`: whether it lives and its last work went well. `pace`: seconds a picture, as measured.
    """

    def __init__(self, painter: Painter, max_batch_size: int, watchers: Watchers | None = None) -> None:
        self.painter = painter
        self.max_batch_size = max_batch_size
        self.pace = 0.0
        self._watchers = watchers or Watchers()
        self._jobs: deque[Job] = deque()
        self._batch: list[Rows] = []
        self._changed = threading.Condition()
        self._closed = self._ill = False
        self._busy_since: float | None = None
        self._thread = threading.Thread(target=self._live, name=f"painting {painter.name}", daemon=True)

    def start(self) -> None:
        """Measure how the painter paints, warming it up, and begin; raises what the painter raises."""
        self._measure()
        self._thread.start()

    def close(self) -> None:
        """Let the thread end when nothing waits any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def alive(self) -> bool:
        """Whether the thread lives and does not hang."""
        since = self._busy_since
        return self._thread.is_alive() and (since is None or time.monotonic() - since < HUNG_SECONDS)

    @property
    def healthy(self) -> bool:
        """Whether it can paint now, as far as is known."""
        return self.alive and not self._ill

    def paint(self, job: Job) -> UInt8Array:
        """Have a job painted: uint8 (N, H, W, 3); raises what the painter raises, ServerBusy and ClientDisconnected."""
        with self._changed:
            if self._closed or not self._thread.is_alive():
                raise self._ended()
            self._jobs.append(job)
            self._changed.notify()
        return job.result()

    def _measure(self) -> None:
        """Paint pictures alone and together: the pace, and whether a picture shows what it was painted with.

        Where it does (on some processors, sums of batches round otherwise), each picture is painted alone.
        """
        draws = np.random.default_rng(0)
        latents = draws.normal(size=(self.max_batch_size, self.painter.latent_size)).astype(np.float32)
        width = self.painter.manifest.text_width
        vectors = None if width is None else draws.normal(size=(self.max_batch_size, width)).astype(np.float32)
        alone = [self.painter.paint_rows(*_part(latents, vectors, row, row + 1))[0] for row in (0, -1 % len(latents))]
        begun = time.monotonic()
        together = self.painter.paint_rows(latents, vectors)
        self.pace = (time.monotonic() - begun) / len(latents)
        if not (np.array_equal(alone[0], together[0]) and np.array_equal(alone[1], together[-1])):
            self.max_batch_size = 1

    def _live(self) -> None:
        try:
            while self._turn():
                pass
        except BaseException:
            log.critical("the thread of the painter '%s' died", self.painter.name, exc_info=True)
            with self._changed:
                self._closed, left = True, [*self._jobs, *(job for job, _, _ in self._batch)]
                self._jobs.clear()
            for job in left:
                job.fail(self._ended())
            self._watchers.died()

    def _turn(self) -> bool:
        """Paint one batch; False when there will be none."""
        with self._changed:
            while not self._jobs:
                if self._closed:
                    return False
                self._changed.wait()
            self._batch = batch = self._next_batch()
        if batch:
            self._busy_since = begun = time.monotonic()
            self._paint(batch)
            self._note(sum(stop - start for _, start, stop in batch), time.monotonic() - begun)
        return True

    def _ended(self) -> PaintingError:
        return PainterFileError(f"the painter '{self.painter.name}' has ended")

    def _next_batch(self) -> list[Rows]:
        """The next pictures, as rows of jobs; jobs that nobody waits for, or too late, leave unpainted."""
        batch: list[Rows] = []
        room = self.max_batch_size
        while self._jobs and room:
            job = self._jobs[0]
            if not job.wanted():
                self._jobs.popleft()
                continue
            start, stop = job.take(room)
            batch.append((job, start, stop))
            room -= stop - start
            if stop == len(job):
                self._jobs.popleft()
        return batch

    def _paint(self, batch: list[Rows]) -> None:
        try:
            pictures = self._rows(batch)
        except Exception as problem:  # whatever it is, it is told to whoever asked, and the next ones are painted
            self._ill = True
            if len(batch) == 1:
                batch[0][0].fail(problem)
                return
            for each in batch:  # whoever's picture it was, the others must not suffer
                self._paint([each])
            return
        self._ill = False
        for (job, start, _), part in zip(batch, split(pictures, batch), strict=True):
            job.give(start, part)

    def _rows(self, batch: list[Rows]) -> UInt8Array:
        latents = np.concatenate([job.latents[start:stop] for job, start, stop in batch])
        vectors = [job.vectors[start:stop] for job, start, stop in batch if job.vectors is not None]
        return self.painter.paint_rows(latents, np.concatenate(vectors) if vectors else None)

    def _note(self, pictures: int, seconds: float) -> None:
        self._busy_since = None
        self.pace += (1 - STEADINESS) * (seconds / pictures - self.pace)
        self._watchers.painted(pictures, seconds)


def _part(
    latents: FloatArray, vectors: FloatArray | None, start: int, stop: int
) -> tuple[FloatArray, FloatArray | None]:
    return latents[start:stop], None if vectors is None else vectors[start:stop]
