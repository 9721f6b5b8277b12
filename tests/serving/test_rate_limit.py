"""How many pictures a client may have, counted here or in Redis."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from apiflask import APIFlask

from painting.errors import InvalidRequest
from painting.paint.painter import Painter
from painting.serving.app import create_app
from painting.serving.errors import RateLimited
from painting.serving.rate_limit import MAX_CLIENTS, MemoryRateLimiter, RateLimiter, RedisRateLimiter, rate_limiter
from painting.serving.settings import Settings

SETTINGS_WITH_LIMIT = Settings(pictures_per_minute=6)


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    """A Redis of our own, or a stand-in for one."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server is installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen([program, "--port", str(port), "--save", ""], stdout=subprocess.DEVNULL) as server:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.02)
        yield f"redis://127.0.0.1:{port}/0"
        server.terminate()


@pytest.fixture(params=["memory", "redis"])
def limit(request: pytest.FixtureRequest) -> RateLimiter:
    url = request.getfixturevalue("redis_url") if request.param == "redis" else ""
    found = rate_limiter(replace(SETTINGS_WITH_LIMIT, redis_url=url))
    assert found is not None
    return found


def test_a_client_may_take_a_minutes_pictures_and_is_refused_more(limit: RateLimiter) -> None:
    for _ in range(3):
        limit.take("one", 2)
    with pytest.raises(RateLimited) as refused:
        limit.take("one", 1)
    assert 9 <= refused.value.retry_after <= 10, "a sixth of a minute"
    limit.take("another", 6)


@pytest.mark.parametrize("pictures", [7, 64, 240])
def test_a_request_larger_than_a_minutes_costs_what_it_is(limit: RateLimiter, pictures: int) -> None:
    greedy = f"greedy {pictures}"
    limit.take(greedy, pictures)
    for more, minutes in ((1, pictures / 6 - 5 / 6), (pictures, pictures / 6)):
        with pytest.raises(RateLimited) as refused:
            limit.take(greedy, more)
        assert 60 * minutes - 2 <= refused.value.retry_after <= 60 * minutes + 1
    limit.take(f"another {pictures}", 1)
    with pytest.raises(RateLimited):  # less than a whole minute is left
        limit.take(f"another {pictures}", pictures)


@pytest.mark.parametrize("seed", range(5))
def test_no_order_of_sizes_gets_more_than_the_rate(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    draws, clock = np.random.default_rng(seed), [0.0]
    monkeypatch.setattr("painting.serving.rate_limit.time.monotonic", lambda: clock[0])
    limit, taken, largest = MemoryRateLimiter(6), 0, 0
    for _ in range(500):
        clock[0] += float(draws.exponential(20))
        pictures = int(draws.choice([1, 5, 6, 64, 240]))
        try:
            limit.take("greedy", pictures)
        except RateLimited:
            continue
        taken, largest = taken + pictures, max(largest, pictures)
    assert taken <= 6 * clock[0] / 60 + max(6, largest)


def test_servers_share_a_redis(redis_url: str) -> None:
    one, other = (rate_limiter(replace(SETTINGS_WITH_LIMIT, redis_url=redis_url)) for _ in range(2))
    assert one and other
    one.take("shared", 4)
    with pytest.raises(RateLimited):
        other.take("shared", 4)


def test_without_redis_each_counts_for_itself(caplog: pytest.LogCaptureFixture) -> None:
    limit = rate_limiter(replace(SETTINGS_WITH_LIMIT, redis_url="redis://127.0.0.1:1/0"))
    assert limit is not None
    limit.take("one", 6)
    with pytest.raises(RateLimited):
        limit.take("one", 1)
    assert caplog.text.count("Redis cannot be reached") == 1


def test_a_silent_redis_is_tried_again_only_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("redis")
    from redis.exceptions import TimeoutError as RedisTimeoutError

    attempts, clock = [], [100.0]
    monkeypatch.setattr("painting.serving.rate_limit.time.monotonic", lambda: clock[0])
    limit = rate_limiter(replace(SETTINGS_WITH_LIMIT, redis_url="redis://127.0.0.1:1/0"))
    assert isinstance(limit, RedisRateLimiter)

    def silent(**_: object) -> None:
        attempts.append(clock[0])
        raise RedisTimeoutError

    monkeypatch.setattr(limit, "_script", silent)
    for _ in range(20):
        limit.take("one", 0)
        clock[0] += 0.5
    assert attempts == [100.0, 105.0]


def test_an_address_that_is_no_redis_is_refused_without_its_password() -> None:
    pytest.importorskip("redis")
    with pytest.raises(InvalidRequest, match="PAINTING_REDIS_URL must be an address") as refused:
        rate_limiter(replace(SETTINGS_WITH_LIMIT, redis_url="http://user:hunter2@host"))
    assert "hunter2" not in str(refused.value)


def test_no_limit_is_no_limit() -> None:
    assert rate_limiter(Settings()) is None


def test_memory_forgets_the_clients_of_long_ago() -> None:
    limit = MemoryRateLimiter(6)
    for number in range(MAX_CLIENTS + 5):
        limit.take(str(number), 6)
    limit.take("0", 6)
    assert len(limit._ahead) == MAX_CLIENTS


def test_who_is_over_the_rate_gets_429_and_what_is_kept_costs_nothing(painter: Painter) -> None:
    app: APIFlask = create_app(painter, replace(SETTINGS_WITH_LIMIT, trusted_proxies="127.0.0.0/8"))
    client = app.test_client()
    assert client.get("/?input=rose&count=5&seed=1").status_code == 200
    refused = client.get("/?input=rose&count=5&seed=100")
    assert refused.status_code == 429 and 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.json is not None and refused.json["error"]["type"] == "rate_limit_error"
    assert client.get("/?input=rose&count=5&seed=1").status_code == 200, "from the cache"
    other = {"X-Forwarded-For": "spoofed, 203.0.113.7"}
    assert client.get("/?input=rose&count=5&seed=100", headers=other).status_code == 200
