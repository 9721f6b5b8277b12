"""A running server that gets SIGTERM: what it does while it drains."""

import json
import signal
import socket
import time
import urllib.error
import urllib.request
from http.client import HTTPConnection
from pathlib import Path

import pytest
from tests.serving.running import TIMEOUT_SECONDS, Server, serving

pytestmark = pytest.mark.slow


def status_of(server: Server, path: str) -> int:
    """The status of an answer over a new connection."""
    try:
        with urllib.request.urlopen(server.address + path, timeout=TIMEOUT_SECONDS) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_while_it_drains_it_is_not_ready_but_serves_new_connections(tiny_painter: Path) -> None:
    with serving(tiny_painter, PAINTING_DRAIN_SECONDS="4") as server:
        assert status_of(server, "/readyz") == 200
        server.process.send_signal(signal.SIGTERM)
        signalled = time.monotonic()
        while status_of(server, "/readyz") == 200:
            assert time.monotonic() - signalled < 2
        for _ in range(20):
            assert len(json.loads(server.get())["images"]) == 1
        assert time.monotonic() - signalled < 4, "the machine is too slow for this test"
        assert server.end() == (0, "")
        assert time.monotonic() - signalled >= 4
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server.port))


def test_a_kept_connection_is_closed_with_its_next_response(tiny_painter: Path) -> None:
    with serving(tiny_painter, PAINTING_DRAIN_SECONDS="3") as server:
        client = HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT_SECONDS)
        client.request("GET", "/livez")
        answer = client.getresponse()
        answer.read()
        assert answer.headers["Connection"] is None
        server.process.send_signal(signal.SIGTERM)
        while status_of(server, "/readyz") == 200:
            time.sleep(0.01)
        client.request("GET", "/livez")
        answer = client.getresponse()
        assert (answer.status, answer.headers["Connection"]) == (200, "close")
        client.close()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 1), (signal.SIGINT, 130)])
def test_a_second_signal_ends_the_drain_at_once(tiny_painter: Path, number: signal.Signals, code: int) -> None:
    with serving(tiny_painter, PAINTING_DRAIN_SECONDS="600") as server:
        server.process.send_signal(number)
        while status_of(server, "/readyz") == 200:
            time.sleep(0.01)
        server.process.send_signal(number)
        assert server.end() == (code, "")
