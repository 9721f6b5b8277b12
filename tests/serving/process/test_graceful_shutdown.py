"""A socket that hears nothing of new connections, and loses none of those that were made."""

import asyncio
import contextlib
import os
import socket
import sys
import threading
from collections.abc import Iterator

import pytest

from painting.serving.process import graceful_shutdown

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux can hold new connections off")


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as found:
        yield found


def connected(listening: socket.socket, seconds: float = 10) -> socket.socket:
    return socket.create_connection(listening.getsockname(), timeout=seconds)


@LINUX
def test_those_that_connected_are_heard_and_nobody_else_connects(listening: socket.socket) -> None:
    early = [connected(listening) for _ in range(3)]
    assert graceful_shutdown.queued(listening) == 3
    graceful_shutdown.refuse_new_connections(listening)
    with pytest.raises(TimeoutError):
        connected(listening, seconds=0.2)
    for client in early:
        client.sendall(b"hello")
        taken, _ = listening.accept()
        with client, taken:
            assert taken.recv(5) == b"hello"
            taken.sendall(b"bye")
            assert client.recv(3) == b"bye"
    assert graceful_shutdown.queued(listening) == 0


@LINUX
def test_it_waits_until_the_queue_is_empty_and_nobody_asks(
    listening: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graceful_shutdown, "SETTLE_SECONDS", 0.05)
    monkeypatch.setattr(graceful_shutdown, "MOST_SECONDS", 60.0)
    silent = 0.0
    with connected(listening):

        async def watch() -> None:
            nonlocal silent
            hearing = asyncio.ensure_future(
                graceful_shutdown.hear_everybody(listening.getsockname()[1], lambda: silent)
            )
            await asyncio.sleep(0.2)
            assert not hearing.done(), "somebody waits in the queue"
            listening.accept()[0].close()
            await asyncio.sleep(0.2)
            assert not hearing.done(), "somebody has just asked"
            silent = 1.0
            await asyncio.wait_for(hearing, 30)

        asyncio.run(watch())


@LINUX
def test_a_process_ends_by_itself_when_it_has_no_connection_and_nobody_to_answer(
    listening: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended, busy = threading.Event(), True
    monkeypatch.setattr(graceful_shutdown, "SETTLE_SECONDS", 0.0)
    monkeypatch.setattr(os, "_exit", lambda code: ended.set())
    port = listening.getsockname()[1]
    waiting = threading.Thread(target=graceful_shutdown.end_when_alone, args=(port, lambda: busy))
    waiting.start()
    assert not ended.wait(0.1)
    busy = False
    assert not ended.wait(0.1), "its socket is still there"
    with contextlib.closing(listening):
        pass
    assert ended.wait(30)
    waiting.join()
