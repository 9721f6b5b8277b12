"""Closed-loop load generator: clients in one thread, each sending one request after the other.

A client keeps its connection as long as the server does, and when it is rejected (429 or 503) comes again after the
seconds that `Retry-After` says, as the clients of people do. Every request has a prompt and a seed of its own, so that
nothing is answered from a cache.
"""

import asyncio
import itertools
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

REJECTED_STATUSES = (429, 503)
CONTENT_LENGTH_HEADER, RETRY_AFTER_HEADER, CONNECTION_HEADER = b"content-length", b"retry-after", b"connection"


class BrokenAnswer(Exception):
    """A response that is malformed or incomplete."""


@dataclass(frozen=True)
class Answer:
    """A response: status, headers in lower case, and body."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes

    @property
    def closes(self) -> bool:
        """Whether the server closes the connection after this response."""
        return self.headers.get(CONNECTION_HEADER, b"").lower() == b"close"


@dataclass
class Load:
    """Results of a load; times in seconds, responses count between `begun` and `ended`."""

    clients: int
    begun: float = 0.0
    ended: float = 0.0
    latencies: list[float] = field(default_factory=list)
    pictures: int = 0
    rejected: Counter[int] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    client_seconds: float = 0.0
    """CPU time of the clients themselves, outside the window too."""

    @property
    def pictures_per_second(self) -> float:
        return self.pictures / (self.ended - self.begun)

    def latency(self, share: float) -> float:
        """Latency quantile of the painted requests, in seconds; NaN when none was painted."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")

    def note(self, at: float, seconds: float, pictures: int) -> None:
        """Count a response with pictures; its latency counts outside the window too."""
        self.latencies.append(seconds)
        if self.begun <= at <= self.ended:
            self.pictures += pictures


@dataclass(frozen=True)
class Plan:
    """A load: clients, pictures per request, seconds of ramp-up and of measurement, timeout of a request."""

    clients: int
    count: int = 5
    ramp_seconds: float = 1.0
    seconds: float = 5.0
    timeout_seconds: float = 60.0
    prompt: str = "a red rose with many layered petals"


def run(address: str, plan: Plan) -> Load:
    """Run clients until the window ends and each has its response."""
    return asyncio.run(run_clients(address, plan))


async def run_clients(address: str, plan: Plan) -> Load:
    """Run clients in a running event loop."""
    processor_begun, now = time.process_time(), time.monotonic()
    load = Load(plan.clients, now + plan.ramp_seconds, now + plan.ramp_seconds + plan.seconds)
    numbers = itertools.count(random.randrange(2**31))
    await asyncio.gather(*(_client(address, plan, load, numbers) for _ in range(plan.clients)))
    load.client_seconds = time.process_time() - processor_begun
    return load


async def _client(address: str, plan: Plan, load: Load, numbers: Iterator[int]) -> None:
    connection = Connection(address)
    try:
        while (begun := time.monotonic()) < load.ended:
            number = next(numbers)
            path = f"/?input={quote(f'{plan.prompt} {number}')}&count={plan.count}&seed={number % 2**32}"
            load.requests += 1
            try:
                answer = await asyncio.wait_for(connection.get(path), plan.timeout_seconds)
                await _take(answer, begun, plan, load)
            except (OSError, EOFError, ValueError, BrokenAnswer) as error:
                load.errors[type(error).__name__] += 1
                connection.close()
                await asyncio.sleep(0.1)
    finally:
        connection.close()


async def _take(answer: Answer, begun: float, plan: Plan, load: Load) -> None:
    if answer.status == 200:
        if len(json.loads(answer.body)["images"]) != plan.count:
            raise BrokenAnswer
        now = time.monotonic()
        load.note(now, now - begun, plan.count)
    elif answer.status in REJECTED_STATUSES and RETRY_AFTER_HEADER in answer.headers:
        load.rejected[answer.status] += 1
        # Jitter: clients with the same Retry-After come back within a second, not at once.
        again = int(answer.headers[RETRY_AFTER_HEADER]) + random.random()
        await asyncio.sleep(min(again, max(0.0, load.ended - time.monotonic())))
    else:
        load.errors[f"status {answer.status}"] += 1
        await asyncio.sleep(0.1)


class Connection:
    """A kept HTTP/1.1 connection, opened when needed."""

    def __init__(self, address: str, retry_stale: bool = True) -> None:
        """Begin without a connection; `retry_stale` repeats a request where the server closed a kept connection."""
        parts = urlsplit(address)
        self._retry_stale = retry_stale
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    @property
    def is_open(self) -> bool:
        """Whether the last request's connection is kept."""
        return self._streams is not None

    async def get(self, path: str) -> Answer:
        """Send a GET request and read the whole answer; raises OSError, EOFError, ValueError and BrokenAnswer."""
        return await self._request(f"GET {path}", "")

    async def post(self, path: str, body: str) -> Answer:
        """Send JSON and read the whole answer; raises as `get` does."""
        return await self._request(f"POST {path}", body)

    async def _request(self, line: str, body: str) -> Answer:
        kept = self._streams is not None
        try:
            return await self._send(line, body)
        except (OSError, EOFError):
            if not kept or not self._retry_stale:
                raise
            self.close()  # a server may close an idle connection: send the request again, once
            return await self._send(line, body)

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._streams:
            self._streams[1].close()
        self._streams = None

    async def _send(self, line: str, body: str) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port, limit=2**20)
        reader, writer = self._streams
        head = f"{line} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nAccept: */*\r\n"
        if body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"{head}\r\n{body}".encode("ascii"))
        answer = await _read(reader)
        if answer.closes:
            self.close()
        return answer


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
    pairs = (line.partition(b":") for line in head[1:] if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    if CONTENT_LENGTH_HEADER not in headers:
        raise BrokenAnswer
    body = await reader.readexactly(int(headers[CONTENT_LENGTH_HEADER]))
    if head[0].startswith(b"HTTP/1.0"):
        headers.setdefault(CONNECTION_HEADER, b"close")
    return Answer(int(head[0].split()[1]), headers, body)
