"""What the server counts, as Prometheus reads it; no label holds what somebody typed."""

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

MULTIPROCESS_DIR_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # where several processes count together
SECONDS_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16)
BATCH_BUCKETS = (1, 2, 4, 8, 16, 32, 64)


class Metrics:
    """The figures of one app, or of all processes that share a folder."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "painting_requests", "Requests answered.", ("route", "method", "status"), registry=registry
        )
        self._seconds = Histogram(
            "painting_request_seconds", "Seconds to an answer.", ("route",), buckets=SECONDS_BUCKETS, registry=registry
        )
        self._batches = Histogram(
            "painting_batch_pictures",
            "Pictures painted together.",
            ("painter",),
            buckets=BATCH_BUCKETS,
            registry=registry,
        )
        self._painting_seconds = Counter(
            "painting_painting_seconds", "Seconds that painters painted.", ("painter",), registry=registry
        )
        self._queued = Gauge(
            "painting_queued_pictures",
            "Pictures that wait or are being painted.",
            ("painter",),
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._rejected = Counter(
            "painting_rejected", "Requests refused for now, by their status.", ("status",), registry=registry
        )
        self._caches = Counter(
            "painting_cache", "Things looked for in a cache.", ("cache", "outcome"), registry=registry
        )
        self._disconnected = Counter(
            "painting_disconnected", "Requests whose client left before they were painted.", registry=registry
        )

    def observe_request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count an answer."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def observe_batch(self, painter: str, pictures: int, seconds: float) -> None:
        """Count a batch."""
        self._batches.labels(painter).observe(pictures)
        self._painting_seconds.labels(painter).inc(seconds)

    def set_queued(self, painter: str, pictures: int) -> None:
        """Tell how many pictures wait for a painter."""
        self._queued.labels(painter).set(pictures)

    def count_rejected(self, status: int) -> None:
        """Count a request that was refused for now."""
        self._rejected.labels(str(status)).inc()

    def count_cache(self, cache: str, hits: int, misses: int) -> None:
        """Count what was found in a cache, and what was not."""
        self._caches.labels(cache, "hit").inc(hits)
        self._caches.labels(cache, "miss").inc(misses)

    def count_disconnected(self) -> None:
        """Count a client that left."""
        self._disconnected.inc()

    def exposition(self) -> bytes:
        """All figures in Prometheus's text format."""
        if MULTIPROCESS_DIR_VARIABLE not in os.environ:
            return generate_latest(self._registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
