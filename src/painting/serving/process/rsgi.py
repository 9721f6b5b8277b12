"""Between granian and the app: bodies are read and clients watched without a thread; the app runs in one of a pool.

Under granian's own WSGI nobody would learn that a client has left, and each slow body would hold a thread.
"""

import asyncio
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any
from wsgiref.types import WSGIApplication

from painting.serving.app import BODY_TIMEOUT_KEY
from painting.serving.auth import CONNECTION_KEY
from painting.serving.client import ClientConnection
from painting.serving.logs import REQUEST_START_KEY
from painting.serving.process.graceful_shutdown import end_when_alone, hear_everybody, stop_granian
from painting.serving.settings import Settings

log = logging.getLogger(__name__)

SPARE_THREADS = 32  # beside those whose requests wait for one of the painters: who asks how it is must never wait
Answer = tuple[int, list[tuple[str, str]], bytes]
MISTAKE: Answer = (500, [("Content-Type", "text/plain")], b"the server made a mistake; its log says more\n")


class Gateway:
    """A WSGI app as granian's RSGI calls it."""

    def __init__(self, app: WSGIApplication, settings: Settings, port: int = 0) -> None:
        """Take an app; `port` is where this process listens, which it stops to do when it is asked to leave."""
        self._app, self._settings, self._port = app, settings, port
        self._leaving: asyncio.Future[None] | None = None
        self._answering, self._last_begun = 0, 0.0
        waiting = settings.max_queue * max(1, len(settings.painters))
        self._threads = ThreadPoolExecutor(waiting + SPARE_THREADS, "request")

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hear of the end before granian does, which has no patience."""
        loop.add_signal_handler(signal.SIGTERM, self._leave, loop)

    def _leave(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to leave; asked again when everybody has been heard, tell granian again: it may have missed it."""
        if self._leaving is None:
            heard = hear_everybody(self._port, lambda: time.monotonic() - self._last_begun)
            self._leaving = asyncio.ensure_future(heard, loop=loop)
            self._leaving.add_done_callback(lambda ended: self._stop())
        elif self._leaving.done():
            stop_granian()

    def _stop(self) -> None:
        """Let granian stop, or do without it."""
        alone = threading.Thread(target=end_when_alone, args=(self._port, lambda: self._answering > 0), daemon=True)
        alone.start()
        stop_granian()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer a request, unless its client leaves before."""
        self._last_begun = time.monotonic()
        self._answering += 1
        try:
            await self._answer(scope, protocol, self._last_begun)
        finally:
            self._answering -= 1

    async def _answer(self, scope: Any, protocol: Any, begun: float) -> None:
        environ = environment(scope)
        body = await self._body(protocol, environ)
        if body is None:
            return  # the client has left in the middle of it
        environ.pop("HTTP_TRANSFER_ENCODING", None)  # it has been read whole, and has a length now
        client = ClientConnection()
        environ |= {
            "wsgi.input": BytesIO(body),
            "CONTENT_LENGTH": str(len(body)),
            CONNECTION_KEY: client,
            REQUEST_START_KEY: begun,
        }
        if len(body) > self._settings.max_body_bytes:
            environ["wsgi.input"] = BytesIO()
        watch = asyncio.ensure_future(protocol.client_disconnect())
        watch.add_done_callback(lambda ended: None if ended.cancelled() else client.disconnect())
        try:
            answer = await asyncio.get_running_loop().run_in_executor(self._threads, call, self._app, environ)
        except Exception:
            log.exception("the app failed")
            answer = MISTAKE
        watch.cancel()
        status, headers, content = answer
        if self._leaving:
            headers = [*headers, ("Connection", "close")]
        protocol.response_bytes(status, headers, content)

    async def _body(self, protocol: Any, environ: dict[str, Any]) -> bytes | None:
        """The body, as far as it may be read: one byte more than is allowed tells that it is too long."""
        promised = int(environ["CONTENT_LENGTH"] or 0)
        most = self._settings.max_body_bytes
        if promised > most:
            return bytes(most + 1)
        if not promised and "HTTP_TRANSFER_ENCODING" not in environ:
            return b""
        try:
            async with asyncio.timeout(self._settings.body_seconds):
                read = await _read(protocol, most)
        except TimeoutError:
            environ[BODY_TIMEOUT_KEY] = True
            return b""
        return None if len(read) < promised else read


async def _read(protocol: Any, most: int) -> bytes:
    parts, size = [], 0
    async for part in protocol:
        parts.append(bytes(part))
        size += len(part)
        if size > most:
            break
    return b"".join(parts)[: most + 1]


def environment(scope: Any) -> dict[str, Any]:
    """A request as WSGI describes it (PEP 3333)."""
    server, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _as_latin(scope.path),
        "QUERY_STRING": _as_latin(scope.query_string),
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "CONTENT_TYPE": "",
        "CONTENT_LENGTH": "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input_terminated": True,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" in name:  # it would pass for another one, whose hyphens become the same
            continue
        key = name.upper().replace("-", "_")
        if key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            environ[key] = value
        else:
            key = f"HTTP_{key}"
            environ[key] = f"{environ[key]},{value}" if key in environ else _as_latin(value)
    if not environ["CONTENT_LENGTH"].isdigit():
        environ["CONTENT_LENGTH"] = ""
    return environ


def call(app: WSGIApplication, environ: dict[str, Any]) -> Answer:
    """Call a WSGI app and take its whole answer."""
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], problem: object = None) -> Callable[[bytes], object]:
        begun.append((status, headers))
        return lambda part: None

    parts: Iterable[bytes] = app(environ, start)
    try:
        body = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    status, headers = begun[-1]
    return int(status.split(" ", 1)[0]), headers, body


def _as_latin(text: str) -> str:
    """Text whose UTF-8 bytes stand in a string of Latin letters, as WSGI wants it."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")
