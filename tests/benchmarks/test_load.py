"""The clients of benchmarks.serve: what they count, how they wait, and that they notice what is wrong."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from benchmarks.load import Load, Plan, run_clients

Answer = Callable[[str], bytes]


def painted(path: str) -> bytes:
    """Pictures, as many as the plan holds."""
    count = int(parse_qs(urlsplit(path).query)["count"][0])
    body = json.dumps({"images": ["x"] * count}).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def answered_load(answer: Answer, plan: Plan) -> tuple[Load, list[str], int]:
    """The load measured against a server that answers so, the paths requested of it, and over how many connections."""
    paths: list[str] = []
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        while head := await _head(reader):
            paths.append(head.split(b" ")[1].decode())
            await asyncio.sleep(0.01)
            said = answer(paths[-1])
            writer.write(said)
            if not said or b"Connection: close" in said or said.startswith(b"HTTP/1.0"):
                break
        writer.close()

    async def run() -> Load:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            return await run_clients(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", plan)

    return asyncio.run(run()), paths, connections


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


SHORT_PLAN = Plan(3, 2, ramp_seconds=0, seconds=0.3, timeout_seconds=5)


def test_every_answer_in_the_window_counts_its_pictures_and_its_wait() -> None:
    load, paths, connections = answered_load(painted, SHORT_PLAN)
    assert load.requests == len(paths) == len(load.latencies) > 6
    assert load.pictures / 2 == pytest.approx(load.requests, abs=3)  # one a client may come after the window
    assert 0.01 <= load.latency(0.5) <= load.latency(0.99) < 5
    assert connections == 3
    assert not load.errors and not load.rejected


def test_no_two_requests_are_alike() -> None:
    _, paths, _ = answered_load(painted, SHORT_PLAN)
    queries = [parse_qs(urlsplit(path).query) for path in paths]
    assert len({query["input"][0] for query in queries}) == len({query["seed"][0] for query in queries}) == len(paths)


def test_answers_before_the_window_do_not_count_as_pace() -> None:
    load, _, _ = answered_load(painted, Plan(1, 1, ramp_seconds=0.2, seconds=0.1))
    assert len(load.latencies) > load.pictures > 0


@pytest.mark.parametrize("status", [429, 503])
def test_a_rejected_client_retries_no_sooner_than_retry_after(status: int) -> None:
    load, _, _ = answered_load(
        lambda _: b"HTTP/1.1 %d No\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n" % status, SHORT_PLAN
    )
    assert load.rejected == {status: 3}
    assert load.requests == 3 and not load.errors


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "status 503"),  # and not when to come again
        (b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", "status 500"),
        (b'HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{"images": [""]}', "BrokenAnswer"),  # one picture, not two
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\noops", "JSONDecodeError"),
        (b"HTTP/1.1 200 OK\r\n\r\n", "BrokenAnswer"),
        (b"", "IncompleteReadError"),
    ],
)
def test_whatever_else_comes_is_an_error(said: bytes, error: str) -> None:
    load, _, _ = answered_load(lambda _: said, Plan(1, 2, ramp_seconds=0, seconds=0.15))
    assert set(load.errors) == {error}
    assert not load.latencies and load.pictures == 0


def test_a_server_that_keeps_no_connection_gets_another_one() -> None:
    load, paths, connections = answered_load(lambda path: painted(path).replace(b"1.1", b"1.0", 1), SHORT_PLAN)
    assert connections == len(paths) == len(load.latencies)
    assert not load.errors


def test_a_server_that_never_answers_is_given_up() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async def run() -> Load:
        async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
            address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            return await run_clients(address, Plan(1, seconds=0.1, ramp_seconds=0, timeout_seconds=0.2))

    waiting: Awaitable[Load] = run()
    assert asyncio.run(waiting).errors == {"TimeoutError": 1}  # type: ignore[arg-type]
