"""Answers that clients do not read are bounded, for each client and in all."""

import socket
import time
from collections.abc import Iterator

import pytest
from tests.conftest import MakePainter, tiny_generator
from tests.serving.running import TIMEOUT_SECONDS, Server, serving

from painting.serving.errors import ServerBusy
from painting.serving.process.posix import disconnect_unread
from painting.serving.unread_answers import MAX_UNREAD_BYTES, UnreadAnswers

SIZE = 64
BODY = b'{"n": 64, "size": "512x512", "seed": 1}'
LARGE = (
    b"POST /v1/images/generations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    % len(BODY)
) + BODY


def test_what_is_unread_is_bounded_and_given_back() -> None:
    unread = UnreadAnswers(100)
    with unread.count("one", 40):
        with pytest.raises(ServerBusy, match="have not been read yet"), unread.count("one", 11):
            pass
        with unread.count("other", 60), pytest.raises(ServerBusy), unread.count("third", 1):
            pass
        with unread.count("one", 10):
            pass
    with unread.count("one", 1000):
        pass


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="Linux alone has TCP_USER_TIMEOUT")
def test_connections_inherit_the_time_in_which_something_must_be_read() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        disconnect_unread(listening, 1)
        with socket.create_connection(listening.getsockname()) as client:
            accepted, _ = listening.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 1000
                accepted.setblocking(False)
                with pytest.raises(BlockingIOError):
                    while True:
                        accepted.send(bytes(1 << 20))
                accepted.settimeout(TIMEOUT_SECONDS)
                with pytest.raises(TimeoutError):  # the kernel's, ETIMEDOUT
                    accepted.sendall(bytes(1 << 26))
                assert client.fileno() > 0


@pytest.fixture(scope="module")
def server(make_lasting_painter: MakePainter) -> Iterator[Server]:
    generator = tiny_generator(None, SIZE)
    with serving(make_lasting_painter("large", conditional=False, generator=generator, picture_size=SIZE)) as server:
        yield server


def request(server: Server) -> tuple[socket.socket, bytes]:
    """Request a large answer, and read its first bytes."""
    client = socket.socket()
    client.settimeout(TIMEOUT_SECONDS)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", server.port))
    client.sendall(LARGE)
    return client, client.recv(12)


@pytest.mark.slow
def test_a_client_that_reads_nothing_is_refused_more_until_it_leaves(server: Server) -> None:
    requested = [request(server)]
    try:
        while requested[-1][1] == b"HTTP/1.1 200":
            requested.append(request(server))
            assert len(requested) < 10, "nothing bounds what is unread"
        assert requested[-1][1] == b"HTTP/1.1 503"
        (worker,) = server.workers()
        assert worker.memory_info().rss < 4 * MAX_UNREAD_BYTES + (200 << 20)
        assert b"alive" in server.get("/livez")
        assert b'painting_rejected_total{status="503"}' in server.get("/metrics")
    finally:
        for client, _ in requested:
            client.close()
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while True:  # what has been unread is given back
        client, status = request(server)
        client.close()
        if status == b"HTTP/1.1 200":
            break
        assert time.monotonic() < deadline
        time.sleep(0.1)
