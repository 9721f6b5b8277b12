"""Rate limiting: pictures per client and minute, counted in this process or in Redis for several servers."""

import logging
import math
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Protocol

from painting.distribution import MissingExtra
from painting.errors import InvalidRequest
from painting.serving.errors import RateLimited
from painting.serving.settings import Settings

if TYPE_CHECKING:
    from redis import Redis

log = logging.getLogger(__name__)

MINUTE_SECONDS = 60.0
MAX_CLIENTS = 10_000  # in memory; the least recent one is forgotten first
REDIS_TIMEOUT_SECONDS = 0.25
REDIS_RETRY_SECONDS = 5.0  # for which an unreachable Redis is left alone: each attempt may cost the time above
# The generic cell rate algorithm: a client's time goes ahead of the clock by each picture's share of a minute. Where a
# request costs more than a minute, its client must have a whole minute left, and then waits for what it has cost.
GCRA_SCRIPT = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local cost = tonumber(ARGV[1])
local ahead = math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0))
local wait = ahead + math.min(cost, 60) - now - 60
if wait > 0.000001 then return tostring(wait) end
redis.call('SET', KEYS[1], string.format('%.6f', ahead + cost), 'EX', math.ceil(ahead + cost - now) + 1)
return '0'
"""


class RateLimiter(Protocol):
    """Limits the pictures that each client gets per minute."""

    def take(self, client: str, pictures: int) -> None:
        """Count a client's pictures; raises RateLimited when they exceed its limit."""


def rate_limiter(settings: Settings) -> RateLimiter | None:
    """Build the limiter of the settings, if any; raises InvalidRequest, and MissingExtra without Redis's client."""
    if not settings.pictures_per_minute:
        return None
    memory = MemoryRateLimiter(settings.pictures_per_minute)
    if not settings.redis_url:
        return memory
    try:
        from redis import Redis
    except ImportError as problem:
        raise MissingExtra("rate limits in Redis", "redis") from problem
    times = {"socket_timeout": REDIS_TIMEOUT_SECONDS, "socket_connect_timeout": REDIS_TIMEOUT_SECONDS}
    try:
        return RedisRateLimiter(Redis.from_url(settings.redis_url, **times), memory)
    except ValueError as problem:  # the address may hold a password, so the message does not repeat it
        raise InvalidRequest("PAINTING_REDIS_URL must be an address such as redis://host:6379/0") from problem


class MemoryRateLimiter:
    """GCRA in memory: a client may take a minute's pictures at once, and then one by one as time passes.

    A larger request is served to a client that has a whole minute left, and costs what it is.
    """

    def __init__(self, pictures_per_minute: int) -> None:
        self.pictures_per_minute = pictures_per_minute
        self._ahead: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def seconds(self, pictures: int) -> float:
        """Return the seconds for which pictures use up the rate."""
        return MINUTE_SECONDS * pictures / self.pictures_per_minute

    def take(self, client: str, pictures: int) -> None:
        """Count a client's pictures; raises RateLimited."""
        now = time.monotonic()
        with self._lock:
            ahead, cost = max(now, self._ahead.get(client, 0.0)), self.seconds(pictures)
            wait = ahead + min(cost, MINUTE_SECONDS) - now - MINUTE_SECONDS
            if wait > 1e-6:
                raise rate_limited_error(wait)
            self._ahead[client] = ahead + cost
            self._ahead.move_to_end(client)
            if len(self._ahead) > MAX_CLIENTS:
                self._ahead.popitem(last=False)


class RedisRateLimiter:
    """GCRA in Redis, for all servers that share it; in memory while Redis is unreachable."""

    def __init__(self, redis: "Redis", memory: MemoryRateLimiter) -> None:
        self._memory = memory
        self._script = redis.register_script(GCRA_SCRIPT)
        self._is_reachable = True
        self._retry_at = 0.0

    def take(self, client: str, pictures: int) -> None:
        """Count a client's pictures; raises RateLimited."""
        from redis.exceptions import RedisError

        if time.monotonic() < self._retry_at:
            self._memory.take(client, pictures)
            return
        try:
            wait = float(self._script(keys=[f"painting:{client}"], args=[self._memory.seconds(pictures)]))
        except RedisError as problem:
            if self._is_reachable:
                log.warning("Redis cannot be reached (%s): requests are counted in memory", type(problem).__name__)
            self._is_reachable = False
            self._retry_at = time.monotonic() + REDIS_RETRY_SECONDS
            self._memory.take(client, pictures)
            return
        self._is_reachable = True
        if wait > 0:
            raise rate_limited_error(wait)


def rate_limited_error(wait: float) -> RateLimited:
    """Build the error of a client that may come again after `wait` seconds."""
    return RateLimited("the rate limit of pictures per minute is exceeded", max(1, math.ceil(wait)))
