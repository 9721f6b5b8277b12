"""Dynamic batching: one worker thread a painter paints whatever jobs wait together; clients take turns.

N counts pictures, Z is the latent size, E the width of a text vector, H and W are a picture's sides in px, C
is 3 for RGB and 4 for RGBA.
"""

import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from itertools import chain

import numpy as np

from painting.errors import PainterFileError
from painting.images import FloatArray, UInt8Array
from painting.paint.painter import Painter
from painting.serving.auth import Client
from painting.serving.errors import ClientDisconnected, ServerBusy

log = logging.getLogger(__name__)

PACE_DECAY = 0.8  # of the exponential moving average of seconds a picture
HUNG_SECONDS = 60.0  # a batch takes milliseconds; after so long it will not end
RETRY_SECONDS = 1


class Job:
    """Latents (N, Z) and text vectors (N, E), or None, to paint; begun before `deadline` (a time.monotonic()) or never.

    The requesting thread waits in `result`; a worker's thread takes rows and gives pictures.
    """

    def __init__(self, latents: FloatArray, text_vectors: FloatArray | None, deadline: float, client: Client) -> None:
        self.latents = latents
        self.text_vectors = text_vectors
        self.deadline = deadline
        self.client = client.identity
        self._taken = 0
        self._pictures: list[UInt8Array] = []
        self._error: Exception | None = None
        self._done = threading.Event()
        # The connection refers to the job now; the job must not refer to it: its pictures would outlive both.
        client.connection.on_disconnect(self._disconnect)

    def __len__(self) -> int:
        return len(self.latents)

    def is_pending(self) -> bool:
        """Whether it still has to be painted; a job that has missed its deadline fails here."""
        if not self._done.is_set() and not self._taken and time.monotonic() > self.deadline:
            self.fail(ServerBusy(RETRY_SECONDS, "busy (the deadline passed before painting began)"))
        return not self._done.is_set()

    def take(self, most: int) -> slice:
        """Take its next rows, `most` at most."""
        start = self._taken
        self._taken = min(len(self), start + most)
        return slice(start, self._taken)

    @property
    def all_taken(self) -> bool:
        """Whether no rows are left to take."""
        return self._taken == len(self)

    def give(self, pictures: UInt8Array) -> None:
        """Append painted rows (n, H, W, C), in the order in which they were taken."""
        self._pictures.append(pictures)
        if sum(map(len, self._pictures)) == len(self):
            self._done.set()

    def fail(self, error: Exception) -> None:
        """End without pictures."""
        self._error = error
        self._done.set()

    def result(self) -> UInt8Array:
        """Wait for the pictures: uint8 (N, H, W, C); raises the error that it failed with."""
        self._done.wait()
        if self._error:
            raise self._error
        return np.concatenate(self._pictures)

    def _disconnect(self) -> None:
        if not self._done.is_set():
            self.fail(ClientDisconnected("the client has closed the connection"))


Batch = list[tuple[Job, slice]]  # rows of jobs, painted together


class BatchingWorker:
    """Paints jobs with one painter in batches of up to `max_batch_size`, and never waits for a batch to fill.

    `seconds_per_picture`: the measured pace. `on_batch`: called with each batch's pictures and seconds. `on_crash`:
    called when the thread dies.
    """

    def __init__(
        self,
        painter: Painter,
        max_batch_size: int,
        on_batch: Callable[[int, float], None] = lambda pictures, seconds: None,
        on_crash: Callable[[], None] = lambda: None,
    ) -> None:
        self.painter = painter
        self.max_batch_size = max_batch_size
        self.seconds_per_picture = 0.0
        self._on_batch = on_batch
        self._on_crash = on_crash
        self._queue: OrderedDict[str, deque[Job]] = OrderedDict()  # by client, the one whose turn it is first
        self._batch: Batch = []
        self._changed = threading.Condition()
        self._closed = False
        self._failed = False
        self._busy_since: float | None = None
        self._thread = threading.Thread(target=self._run, name=f"painting {painter.name}", daemon=True)

    def start(self) -> None:
        """Measure the painter, which warms it up, and start the thread; raises what the painter raises."""
        self._measure()
        self._thread.start()

    def close(self) -> None:
        """End the thread when its queue is empty."""
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
        """Whether it is alive and its last batch succeeded."""
        return self.alive and not self._failed

    def paint(self, job: Job) -> UInt8Array:
        """Queue a job and wait: uint8 (N, H, W, C); raises ServerBusy, ClientDisconnected and the painter's errors."""
        with self._changed:
            if self._closed or not self._thread.is_alive():
                raise self._ended()
            self._queue.setdefault(job.client, deque()).append(job)
            self._changed.notify()
        return job.result()

    def _measure(self) -> None:
        """Measure the pace, and whether batching changes pictures: then the batch size becomes 1.

        On some processors the sums of a batch round otherwise than those of a single picture.
        """
        rng = np.random.default_rng(0)
        latents = rng.normal(size=(self.max_batch_size, self.painter.latent_size)).astype(np.float32)
        width = self.painter.manifest.text_width
        vectors = None if width is None else rng.normal(size=(self.max_batch_size, width)).astype(np.float32)

        def paint(rows: slice) -> UInt8Array:
            return self.painter.paint_rows(latents[rows], None if vectors is None else vectors[rows])

        first = paint(slice(0, 1))
        last = paint(slice(self.max_batch_size - 1, None))
        begun = time.monotonic()
        batch = paint(slice(None))
        self.seconds_per_picture = (time.monotonic() - begun) / len(batch)
        if not (np.array_equal(first[0], batch[0]) and np.array_equal(last[0], batch[-1])):
            self.max_batch_size = 1

    def _run(self) -> None:
        try:
            while self._step():
                pass
        except BaseException:
            log.critical("the thread of the painter '%s' died", self.painter.name, exc_info=True)
            with self._changed:
                self._closed = True
                abandoned = [*chain(*self._queue.values()), *(job for job, _ in self._batch)]
                self._queue.clear()
            for job in abandoned:
                job.fail(self._ended())
            self._on_crash()

    def _step(self) -> bool:
        """Wait for jobs and paint one batch; False once closed and empty."""
        with self._changed:
            while not self._queue:
                if self._closed:
                    return False
                self._changed.wait()
            self._batch = batch = self._next_batch()
        if batch:
            self._busy_since = begun = time.monotonic()
            self._paint(batch)
            self._finish_batch(sum(rows.stop - rows.start for _, rows in batch), time.monotonic() - begun)
        return True

    def _ended(self) -> PainterFileError:
        return PainterFileError(f"the painter '{self.painter.name}' has ended")

    def _next_batch(self) -> Batch:
        """The next rows of the queue, from each client in turn; jobs without a client, or too late, are dropped."""
        batch: Batch = []
        free = self.max_batch_size
        while self._queue and free:
            client, jobs = self._queue.popitem(last=False)
            if jobs[0].is_pending():
                rows = jobs[0].take(free)
                batch.append((jobs[0], rows))
                free -= rows.stop - rows.start
            if jobs[0].all_taken or not jobs[0].is_pending():
                jobs.popleft()
            if jobs:
                self._queue[client] = jobs  # to the end of the line
        return batch

    def _paint(self, batch: Batch) -> None:
        try:
            pictures = self._paint_together(batch)
        except Exception as error:  # any error belongs to the jobs of this batch alone: the thread goes on
            self._failed = True
            if len(batch) == 1:
                batch[0][0].fail(error)
                return
            for each in batch:  # one job's rows may have caused it: the others are painted without them
                self._paint([each])
            return
        self._failed = False
        ends = np.cumsum([rows.stop - rows.start for _, rows in batch])
        for (job, _), part in zip(batch, np.split(pictures, ends[:-1]), strict=True):
            job.give(part)

    def _paint_together(self, batch: Batch) -> UInt8Array:
        latents = np.concatenate([job.latents[rows] for job, rows in batch])
        vectors = [job.text_vectors[rows] for job, rows in batch if job.text_vectors is not None]
        return self.painter.paint_rows(latents, np.concatenate(vectors) if vectors else None)

    def _finish_batch(self, pictures: int, seconds: float) -> None:
        self._busy_since = None
        self.seconds_per_picture += (1 - PACE_DECAY) * (seconds / pictures - self.seconds_per_picture)
        self._on_batch(pictures, seconds)
