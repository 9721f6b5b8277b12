"""How many pictures a client may have painted a minute: counted in this process, or in Redis for several servers."""

import logging
import math
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Protocol

from painting.errors import InvalidRequest, MissingExtra
from painting.serving.errors import RateLimited
from painting.serving.settings import Settings

if TYPE_CHECKING:
    from redis import Redis

log = logging.getLogger(__name__)

MINUTE_SECONDS = 60.0
MAX_CLIENTS = 10_000  # that memory remembers
REDIS_TIMEOUT_SECONDS = 0.25  # longer than that nobody waits for a count
# The generic cell rate algorithm: a client's time goes ahead of the clock by each picture's share of a minute.
GCRA_SCRIPT = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local ahead = math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0)) + tonumber(ARGV[1])
local wait = ahead - now - 60
if wait > 0.000001 then return tostring(wait) end
redis.call('SET', KEYS[1], string.format('%.6f', ahead), 'EX', 61)
return '0'
"""


class RateLimiter(Protocol):
    """Counts what clients take."""

    def take(self, client: str, pictures: int) -> None:
        """Count pictures as a client's; raises RateLimited when they are more than its minute allows."""


def rate_limiter(settings: Settings) -> RateLimiter | None:
    """The limit that is set, if one is; raises MissingExtra without Redis's client, InvalidRequest."""
    if not settings.pictures_per_minute:
        return None
    memory = MemoryRateLimiter(settings.pictures_per_minute)
    if not settings.redis_url:
        return memory
    try:
        from redis import Redis
    except ImportError as problem:
        raise MissingExtra("counting requests in Redis", "redis") from problem
    times = {"socket_timeout": REDIS_TIMEOUT_SECONDS, "socket_connect_timeout": REDIS_TIMEOUT_SECONDS}
    try:
        return RedisRateLimiter(Redis.from_url(settings.redis_url, **times), memory)
    except ValueError as problem:  # the address may hold a password: it is not told
        raise InvalidRequest("PAINTING_REDIS_URL must be an address such as redis://host:6379/0") from problem


class MemoryRateLimiter:
    """Counts in memory; a client may take a minute's pictures at once, and then one by one as time goes on."""

    def __init__(self, pictures_per_minute: int) -> None:
        self.pictures_per_minute = pictures_per_minute
        self._ahead: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def seconds(self, pictures: int) -> float:
        """The part of a minute that pictures take; more than a minute's pictures take the whole of it."""
        return MINUTE_SECONDS * min(1.0, pictures / self.pictures_per_minute)

    def take(self, client: str, pictures: int) -> None:
        """Count pictures as a client's; raises RateLimited."""
        now = time.monotonic()
        with self._lock:
            ahead = max(now, self._ahead.get(client, 0.0)) + self.seconds(pictures)
            if ahead - now > MINUTE_SECONDS + 1e-6:
                raise rate_limited(ahead - now - MINUTE_SECONDS)
            self._ahead[client] = ahead
            self._ahead.move_to_end(client)
            if len(self._ahead) > MAX_CLIENTS:
                self._ahead.popitem(last=False)


class RedisRateLimiter:
    """Counts in Redis, for all servers that share it; while that cannot be reached, in memory."""

    def __init__(self, redis: "Redis", memory: MemoryRateLimiter) -> None:
        self._memory = memory
        self._script = redis.register_script(GCRA_SCRIPT)
        self._reached = True

    def take(self, client: str, pictures: int) -> None:
        """Count pictures as a client's; raises RateLimited."""
        from redis.exceptions import RedisError

        try:
            wait = float(self._script(keys=[f"painting:{client}"], args=[self._memory.seconds(pictures)]))
        except RedisError as problem:
            if self._reached:
                log.warning("Redis cannot be reached (%s): requests are counted in memory", type(problem).__name__)
            self._reached = False
            self._memory.take(client, pictures)
            return
        self._reached = True
        if wait > 0:
            raise rate_limited(wait)


def rate_limited(wait: float) -> RateLimited:
    """The refusal of a client that may come again after so many seconds."""
    return RateLimited("you have had as many pictures as one may have in a minute", max(1, math.ceil(wait)))
