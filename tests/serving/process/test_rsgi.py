"""RSGI requests are translated to WSGI, and responses back."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, request
from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]

from painting.serving.auth import CONNECTION_KEY
from painting.serving.client import ClientConnection
from painting.serving.process.rsgi import MAX_LARGE_BODIES, SMALL_BODY_BYTES, RsgiBridge, wsgi_environ
from painting.serving.settings import Settings
from painting.serving.unread_answers import UNTIL_READ_KEY


@dataclass
class Scope:
    """A request's scope, as granian passes it."""

    method: str = "GET"
    path: str = "/"
    query_string: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    server: str = "127.0.0.1:8001"
    client: str = "[2001:db8::1]:4711"
    http_version: str = "1.1"
    scheme: str = "http"


@dataclass
class Protocol:
    """A connection's protocol, as granian passes it."""

    body: tuple[bytes, ...] = ()
    leaves: bool = False
    answer: tuple[int, list[tuple[str, str]], bytes] | None = None
    endless: bool = False
    has_read: bool = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.body:
            yield part
        if self.endless:
            await asyncio.sleep(60)

    async def client_disconnect(self) -> None:
        if not self.leaves:
            await asyncio.sleep(60)

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.answer = status, headers, body

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> "Stream":
        self.answer = status, headers, b""
        return Stream(self)


@dataclass
class Stream:
    """A response's transport, which takes everything at once, and nothing more once its client has read."""

    protocol: Protocol

    async def send_bytes(self, part: bytes) -> None:
        if not part and self.protocol.has_read:
            raise ProtocolClosed
        assert self.protocol.answer is not None
        status, headers, body = self.protocol.answer
        self.protocol.answer = status, headers, body + part


def respond(app: Any, scope: Scope, protocol: Protocol, draining: bool = False) -> Protocol:
    asyncio.run(RsgiBridge(app, Settings(), lambda: draining).__rsgi__(scope, protocol))
    return protocol


def echo() -> Flask:
    app = Flask("echo")

    @app.route("/<path:path>", methods=["GET", "POST"])
    def answer(path: str) -> dict[str, object]:
        return {"path": path, "query": request.args.get("q"), "body": request.get_data(as_text=True)}

    return app


def test_paths_queries_and_bodies_arrive_as_they_were_sent() -> None:
    scope = Scope("POST", "/schöne/Blüte", "q=%C3%A9+%26", {"content-length": "6", "content-type": "text/plain"})
    answer = respond(echo(), scope, Protocol((b"one", b"two"))).answer
    assert answer is not None and answer[0] == 200
    assert b'"body":"onetwo"' in answer[2] and b'"query":"\\u00e9 &"' in answer[2] and b"sch\\u00f6ne/Bl" in answer[2]


def test_an_environment_is_what_wsgi_requires() -> None:
    environ = wsgi_environ(Scope(headers={"x-api-key": "k", "x_forwarded_for": "1.1.1.1", "content-length": "x"}))
    assert (environ["REMOTE_ADDR"], environ["SERVER_NAME"], environ["SERVER_PORT"]) == (
        "2001:db8::1",
        "127.0.0.1",
        "8001",
    )
    assert environ["HTTP_X_API_KEY"] == "k" and "HTTP_X_FORWARDED_FOR" not in environ
    assert environ["CONTENT_LENGTH"] == ""


def test_an_app_that_fails_is_answered_without_a_trace() -> None:
    def broken(environ: dict[str, Any], start: object) -> Iterable[bytes]:
        raise RuntimeError("secret inside")

    answer = respond(broken, Scope(), Protocol()).answer
    assert answer is not None and answer[0] == 500 and b"secret" not in answer[2]


@pytest.mark.parametrize("draining", [False, True])
def test_a_draining_server_closes_each_connection_with_its_response(draining: bool) -> None:
    answer = respond(echo(), Scope(path="/x"), Protocol(), draining).answer
    assert answer is not None and answer[0] == 200
    assert (("Connection", "close") in answer[1]) is draining


def test_a_body_that_breaks_off_never_reaches_the_app() -> None:
    called = threading.Event()

    def app(environ: dict[str, Any], start: object) -> Iterable[bytes]:
        called.set()
        return []

    answer = respond(app, Scope("POST", headers={"content-length": "9"}), Protocol((b"half",))).answer
    assert answer is not None and answer[0] == 400 and b"ended before its Content-Length" in answer[2]
    assert not called.is_set()


def test_few_large_bodies_are_in_memory_at_once_and_small_ones_pass_them() -> None:
    large = Scope("POST", "/x", headers={"content-length": str(2 * SMALL_BODY_BYTES)})
    small = Scope("POST", "/x", headers={"content-length": "1"})
    part = bytes(SMALL_BODY_BYTES)

    async def all_at_once() -> None:
        bridge = RsgiBridge(echo(), Settings(body_seconds=1), lambda: False)
        slow = [Protocol((part, b"more"), endless=True) for _ in range(MAX_LARGE_BODIES)]
        answering = [asyncio.ensure_future(bridge.__rsgi__(large, each)) for each in slow]
        await asyncio.sleep(0)
        last, quick = Protocol((part, part)), Protocol((b"x",))
        late = asyncio.ensure_future(bridge.__rsgi__(large, last))
        await bridge.__rsgi__(small, quick)
        assert quick.answer is not None and quick.answer[0] == 200
        assert last.answer is None, "it waits for a place"
        await asyncio.gather(*answering, late)
        assert last.answer is not None and all(each.answer is not None for each in slow)
        again = Protocol((part, part))
        await bridge.__rsgi__(large, again)
        assert again.answer is not None and again.answer[0] == 200, "each place is given back"

    asyncio.run(all_at_once())


def test_the_app_is_notified_when_its_client_disconnects() -> None:
    seen = threading.Event()

    def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        client = environ[CONNECTION_KEY]
        assert isinstance(client, ClientConnection)
        client.on_disconnect(seen.set)
        assert seen.wait(10)
        start("200 OK", [])
        return [b""]

    assert respond(app, Scope(), Protocol(leaves=True)).answer is not None


def test_what_an_answer_holds_is_given_back_once_it_is_read() -> None:
    content, held = bytes(range(256)) * 2000, threading.Event()

    def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        held.set()
        environ[UNTIL_READ_KEY].callback(held.clear)
        start("200 OK", [("Content-Length", str(len(content)))])
        return [content]

    async def read_late() -> None:
        protocol = Protocol(has_read=False)
        answering = asyncio.ensure_future(RsgiBridge(app, Settings(), lambda: False).__rsgi__(Scope(), protocol))
        while protocol.answer is None or len(protocol.answer[2]) < len(content):
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        assert held.is_set() and not answering.done()
        protocol.has_read = True
        await asyncio.wait_for(answering, 20)
        assert protocol.answer[2] == content and not held.is_set()

    asyncio.run(read_late())


def test_full_queues_of_every_painter_leave_a_thread_for_health_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("painting.serving.process.rsgi.HEALTH_THREADS", 1)
    app, released = Flask("waits"), threading.Event()

    @app.route("/<path:path>")
    def answer(path: str) -> str:
        return path if path == "livez" else str(released.wait(30))

    async def all_at_once() -> None:
        gateway = RsgiBridge(app, Settings(painter="one,two", max_queue=1), lambda: False)
        waiting = [asyncio.ensure_future(gateway.__rsgi__(Scope(path="/paint"), Protocol())) for _ in range(2)]
        await asyncio.sleep(0.1)
        health = Protocol()
        await asyncio.wait_for(gateway.__rsgi__(Scope(path="/livez"), health), 20)
        assert health.answer is not None and health.answer[2] == b"livez"
        assert not any(request.done() for request in waiting)
        released.set()
        await asyncio.gather(*waiting)

    try:
        asyncio.run(all_at_once())
    finally:
        released.set()
