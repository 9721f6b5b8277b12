"""Prometheus metrics; no label holds user-supplied text."""

import os
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from painting.serving.settings import MULTIPROCESS_DIR_VARIABLE

SECONDS_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16)
BATCH_BUCKETS = (1, 2, 4, 8, 16, 32, 64)


class Metrics:
    """The metrics of one app, or of all processes that share a folder; those of `painters` are there from the start."""

    def __init__(self, painters: Iterable[str] = ()) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "painting_requests", "Responses sent.", ("route", "method", "status"), registry=registry
        )
        self._seconds = Histogram(
            "painting_request_seconds",
            "Seconds until the response.",
            ("route",),
            buckets=SECONDS_BUCKETS,
            registry=registry,
        )
        self._batches = Histogram(
            "painting_batch_pictures",
            "Pictures painted together.",
            ("painter",),
            buckets=BATCH_BUCKETS,
            registry=registry,
        )
        self._painting_seconds = Counter(
            "painting_painting_seconds", "Seconds spent painting.", ("painter",), registry=registry
        )
        self._queued = Gauge(
            "painting_queued_pictures",
            "Pictures queued or being painted.",
            ("painter",),
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._rejected = Counter("painting_rejected", "Requests rejected for now.", ("status",), registry=registry)
        self._caches = Counter("painting_cache", "Cache lookups.", ("cache", "outcome"), registry=registry)
        self._disconnected = Counter(
            "painting_disconnected", "Requests whose client disconnected before they were painted.", registry=registry
        )
        for painter in painters:
            self._batches.labels(painter)
            self._painting_seconds.labels(painter)
            self._queued.labels(painter)

    def observe_request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a response and its seconds."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def observe_batch(self, painter: str, pictures: int, seconds: float) -> None:
        """Count a painted batch and its seconds."""
        self._batches.labels(painter).observe(pictures)
        self._painting_seconds.labels(painter).inc(seconds)

    def set_queued(self, painter: str, pictures: int) -> None:
        """Set how many pictures a painter has queued or in progress."""
        self._queued.labels(painter).set(pictures)

    def count_rejected(self, status: int) -> None:
        """Count a rejected request."""
        self._rejected.labels(str(status)).inc()

    def count_cache(self, cache: str, hits: int, misses: int) -> None:
        """Count a cache's hits and misses."""
        self._caches.labels(cache, "hit").inc(hits)
        self._caches.labels(cache, "miss").inc(misses)

    def count_disconnected(self) -> None:
        """Count a request whose client disconnected."""
        self._disconnected.inc()

    def exposition(self) -> bytes:
        """Return all metrics in Prometheus's text format."""
        if MULTIPROCESS_DIR_VARIABLE not in os.environ:
            return generate_latest(self._registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
