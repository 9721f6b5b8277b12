"""A lane queues a client's pictures, counts them against its rate limit and reports its queue."""

import pytest

from painting.paint.painter import Painter
from painting.serving.auth import Client
from painting.serving.client import ClientConnection
from painting.serving.engine.lane import Lane
from painting.serving.errors import RateLimited, ServerBusy
from painting.serving.metrics import Metrics
from painting.serving.rate_limit import MemoryRateLimiter
from painting.serving.settings import Settings

CLIENT = Client(ClientConnection(), "somebody")


def queued(metrics: Metrics) -> str:
    return next(line for line in metrics.exposition().decode().splitlines() if line.startswith("painting_queued_"))


def test_a_lane_reports_its_queue_while_pictures_wait(painter: Painter) -> None:
    metrics = Metrics()
    lane = Lane(painter, Settings(), metrics, None, lambda: None)
    with lane.admit(3, CLIENT):
        assert queued(metrics) == 'painting_queued_pictures{painter="tiny"} 3.0'
    assert queued(metrics).endswith(" 0.0")


def test_a_client_beyond_its_rate_limit_leaves_the_queue_again(painter: Painter) -> None:
    metrics = Metrics()
    lane = Lane(painter, Settings(), metrics, MemoryRateLimiter(4), lambda: None)
    with lane.admit(4, CLIENT), pytest.raises(RateLimited), lane.admit(1, CLIENT):
        pass
    assert queued(metrics).endswith(" 0.0")
    with lane.admit(4, Client(ClientConnection(), "another")):
        pass


def test_a_full_queue_is_not_counted_against_the_rate_limit(painter: Painter) -> None:
    lane = Lane(painter, Settings(max_queue=1), Metrics(), MemoryRateLimiter(4), lambda: None)
    with lane.admit(2, CLIENT), pytest.raises(ServerBusy), lane.admit(2, CLIENT):
        pass
    with lane.admit(2, CLIENT):
        pass
