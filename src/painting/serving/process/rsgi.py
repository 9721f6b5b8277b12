"""RSGI bridge: granian's asynchronous requests run through a WSGI app in a thread pool.

granian's own WSGI interface would not report that a client disconnects, and each slow body would occupy a thread.
"""

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack
from io import BytesIO
from typing import Any
from wsgiref.types import WSGIApplication

from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]

from painting.serving.app import BODY_TIMEOUT_KEY
from painting.serving.auth import CONNECTION_KEY
from painting.serving.client import SEND_BUFFER_BYTES, ClientConnection
from painting.serving.logs import REQUEST_START_KEY
from painting.serving.settings import Settings
from painting.serving.unread_answers import UNTIL_READ_KEY

log = logging.getLogger(__name__)

HEALTH_THREADS = 32  # beside those that wait for a painter, so that health checks are always answered
SMALL_BODY_BYTES = 1 << 18  # bodies up to it are read at any time; what holds no picture is smaller
MAX_LARGE_BODIES = 4  # larger ones that are read and answered at once; others wait, within the body's time
PART_BYTES = 1 << 16  # of a large answer; granian asks for the next when it has sent the last
MIN_POLL_SECONDS, MAX_POLL_SECONDS = 0.01, 1.0
WsgiResponse = tuple[int, list[tuple[str, str]], bytes]
INTERNAL_ERROR: WsgiResponse = (
    500,
    [("Content-Type", "text/plain")],
    b"the server made a mistake; its log says more\n",
)
INCOMPLETE_BODY: WsgiResponse = (
    400,
    [("Content-Type", "application/json")],
    json.dumps({"error": {"message": "the request's body ended before its Content-Length",
                          "type": "invalid_request_error", "param": None, "code": None}}).encode(),
)  # fmt: skip


class RsgiBridge:
    """A WSGI app as an RSGI app, which granian calls once for each request."""

    def __init__(self, app: WSGIApplication, settings: Settings, is_draining: Callable[[], bool]) -> None:
        """Wrap an app; while `is_draining`, each response closes its connection."""
        self._app = app
        self._settings = settings
        self._is_draining = is_draining
        queued = settings.max_queue * max(1, len(settings.painters))
        self._large_bodies = asyncio.Semaphore(MAX_LARGE_BODIES)
        self._threads = ThreadPoolExecutor(queued + HEALTH_THREADS, "request")

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer a request, unless its client disconnects before."""
        async with AsyncExitStack() as held:
            await self._answer(scope, protocol, held)

    async def _answer(self, scope: Any, protocol: Any, held: AsyncExitStack) -> None:
        started = time.monotonic()
        environ = wsgi_environ(scope)
        body = await self._read_body(protocol, environ, held)
        if body is None:  # the client has left, or will send no more
            protocol.response_bytes(*INCOMPLETE_BODY)
            return
        environ.pop("HTTP_TRANSFER_ENCODING", None)  # the body is complete, and has a length now
        connection = ClientConnection()
        until_read = ExitStack()
        environ |= {
            "wsgi.input": BytesIO(body),
            "CONTENT_LENGTH": str(len(body)),
            CONNECTION_KEY: connection,
            REQUEST_START_KEY: started,
            UNTIL_READ_KEY: until_read,
        }
        if len(body) > self._settings.max_body_bytes:
            environ["wsgi.input"] = BytesIO()
        status, headers, content = await self._call_app(protocol, environ, connection)
        if self._is_draining():
            headers = [*headers, ("Connection", "close")]
        with until_read:
            if len(content) <= SEND_BUFFER_BYTES:
                protocol.response_bytes(status, headers, content)
                return
            parts = deque(content[start : start + PART_BYTES] for start in range(0, len(content), PART_BYTES))
            del content, body, environ, connection  # what a request holds is not needed while its answer is read
            await held.aclose()
            await send_until_read(protocol.response_stream(status, headers), parts)

    async def _call_app(self, protocol: Any, environ: dict[str, Any], connection: ClientConnection) -> WsgiResponse:
        """Run the app in a thread, and report the client's disconnection to it meanwhile."""
        watch = asyncio.ensure_future(protocol.client_disconnect())
        watch.add_done_callback(lambda ended: None if ended.cancelled() else connection.disconnect())
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, call_wsgi, self._app, environ)
        except Exception:
            log.exception("the app failed")
            return INTERNAL_ERROR
        finally:
            watch.cancel()

    async def _read_body(self, protocol: Any, environ: dict[str, Any], held: AsyncExitStack) -> bytes | None:
        """Read the body, one byte past the limit at most (which shows that it is too long); None if it breaks off.

        A large one has one of few places, which `held` keeps.
        """
        length = int(environ["CONTENT_LENGTH"] or 0)
        limit = self._settings.max_body_bytes
        if length > limit:
            return bytes(limit + 1)
        if not length and "HTTP_TRANSFER_ENCODING" not in environ:
            return b""
        try:
            async with asyncio.timeout(self._settings.body_seconds):
                body = await self._read_at_most(protocol, limit + 1, held)
        except TimeoutError:
            environ[BODY_TIMEOUT_KEY] = True
            return b""
        return None if len(body) < length else body

    async def _read_at_most(self, protocol: Any, limit: int, held: AsyncExitStack) -> bytes:
        parts: list[bytes] = []
        size = 0
        async for part in protocol:
            if size <= SMALL_BODY_BYTES < size + len(part):
                await held.enter_async_context(self._large_bodies)
            parts.append(bytes(part))
            size += len(part)
            if size >= limit:
                break
        return b"".join(parts)[:limit]


async def send_until_read(stream: Any, parts: deque[bytes]) -> None:
    """Send an answer's parts; returns when the kernel has taken the last one, or the client has left.

    granian takes any number of parts at once, and says that it has none left by refusing a further one.
    """
    seconds = MIN_POLL_SECONDS
    try:
        while parts:
            await stream.send_bytes(parts.popleft())
        while True:
            await stream.send_bytes(b"")
            await asyncio.sleep(seconds)
            seconds = min(2 * seconds, MAX_POLL_SECONDS)
    except ProtocolClosed:
        pass


def wsgi_environ(scope: Any) -> dict[str, Any]:
    """Translate an RSGI scope into a WSGI environment (PEP 3333)."""
    server, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _latin1(scope.path),
        "QUERY_STRING": _latin1(scope.query_string),
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
        if "_" in name:  # it would pass for another header, whose hyphens become underscores too
            continue
        key = name.upper().replace("-", "_")
        if key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            environ[key] = value
        else:
            key = f"HTTP_{key}"
            environ[key] = f"{environ[key]},{value}" if key in environ else _latin1(value)
    if not environ["CONTENT_LENGTH"].isdigit():
        environ["CONTENT_LENGTH"] = ""
    return environ


def call_wsgi(app: WSGIApplication, environ: dict[str, Any]) -> WsgiResponse:
    """Call a WSGI app and collect its whole response."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], problem: object = None
    ) -> Callable[[bytes], object]:
        started.append((status, headers))
        return lambda part: None

    parts: Iterable[bytes] = app(environ, start_response)
    try:
        body = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    status, headers = started[-1]
    return int(status.split(" ", 1)[0]), headers, body


def _latin1(text: str) -> str:
    """Decode text's UTF-8 bytes as Latin-1, as WSGI wants strings."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")
