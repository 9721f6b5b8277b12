"""How benchmarks.drain classifies answers, and that a rolling restart behind the page's nginx loses none."""

import asyncio
import os
import shutil
from collections import Counter
from pathlib import Path

import pytest
from benchmarks.drain import Clients, Instance, lost, nginx, restart_each
from benchmarks.servers import free_port

pytestmark = pytest.mark.slow

ANSWERS_BY_OUTCOME = {
    "answered": b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"images":0}',
    "rejected": b"HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n",
    "wrong 503": b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n",
    "wrong 500": b"HTTP/1.1 500 Mistake\r\nContent-Length: 0\r\n\r\n",
    "IncompleteReadError on a new connection": b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"images"',
}


@pytest.mark.parametrize("outcome", ANSWERS_BY_OUTCOME)
def test_an_answer_is_classified_by_its_status_and_its_end(outcome: str) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ANSWERS_BY_OUTCOME[outcome])
        writer.close()

    async def run() -> Counter[str]:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server, Clients(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", 1) as clients:
            while not clients.outcomes:
                await asyncio.sleep(0.01)
        return clients.outcomes

    assert outcome in asyncio.run(run())


def test_without_a_listening_server_a_request_is_refused_but_not_lost() -> None:
    async def run() -> Counter[str]:
        async with Clients(f"http://127.0.0.1:{free_port()}", 2) as clients:
            while not clients.outcomes:
                await asyncio.sleep(0.01)
        return clients.outcomes

    found = asyncio.run(run())
    assert set(found) == {"refused"}
    assert lost(found) == 0
    assert lost(Counter({"answered": 5, "wrong 500": 2, "refused": 1, "rejected": 1})) == 2


def test_a_restart_of_one_of_two_servers_behind_nginx_loses_and_rejects_nothing(tiny_painter: Path) -> None:
    if shutil.which("nginx") is None:
        reason = "nginx is not installed"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)

    async def run(address: str, instances: list[Instance]) -> Counter[str]:
        async with Clients(address, 8) as clients:
            await restart_each(instances, 1, clients)
        return clients.outcomes

    instances = [Instance(str(tiny_painter)) for _ in range(2)]
    try:
        with nginx(instances) as address:
            outcomes = asyncio.run(run(address, instances))
    finally:
        for instance in instances:
            instance.close()
    assert set(outcomes) == {"answered"}, outcomes
