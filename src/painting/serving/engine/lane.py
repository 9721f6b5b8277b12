"""`Lane`: a painter with its batching worker, its admission control and the rate limit of clients."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from painting.paint.painter import Painter
from painting.serving.auth import Client
from painting.serving.engine.admission import Admission
from painting.serving.engine.batcher import BatchingWorker
from painting.serving.metrics import Metrics
from painting.serving.rate_limit import RateLimiter
from painting.serving.settings import Settings

WARM_UP_PROMPT = "a picture"


class Lane:
    """The way of requests to one painter: `admit`, then `worker.paint`.

    `rate_limiter`: shared by all lanes; None: no limit. `on_crash`: called when the worker's thread dies.
    """

    def __init__(
        self,
        painter: Painter,
        settings: Settings,
        metrics: Metrics,
        rate_limiter: RateLimiter | None,
        on_crash: Callable[[], None],
    ) -> None:
        self.painter = painter
        self.worker = BatchingWorker(
            painter, settings.max_batch_size, partial(metrics.observe_batch, painter.name), on_crash
        )
        self._admission = Admission(
            lambda: self.worker.seconds_per_picture,
            settings.deadline_seconds,
            settings.max_queue,
            partial(metrics.set_queued, painter.name),
        )
        self._rate_limiter = rate_limiter

    def start(self) -> None:
        """Warm the painter up and start its worker; raises what the painter raises."""
        if self.painter.conditional:
            self.painter.text_vector(WARM_UP_PROMPT)
        self.worker.start()

    @contextmanager
    def admit(self, pictures: int, client: Client) -> Iterator[float]:
        """Queue pictures for the duration of the block and count them as the client's; yields their deadline.

        The deadline is a time.monotonic(). Raises ServerBusy and RateLimited.
        """
        with self._admission.admit(pictures, client.identity) as deadline:
            if self._rate_limiter:
                self._rate_limiter.take(client.identity, pictures)
            yield deadline
