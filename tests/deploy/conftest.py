"""The page's server as its image starts it: nginx by deploy/page/start.sh, in front of a recording backend."""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from benchmarks.servers import free_port

PAGE_FOLDER = Path(__file__).parents[2] / "deploy" / "page"
UNPRIVILEGED_UID = 65_534
TIMEOUT_SECONDS = 30  # a bound for what hangs, never a measure


@dataclass
class Reply:
    """An answer: status, headers and body."""

    status: int
    headers: HTTPMessage
    body: bytes


@dataclass
class PageServer:
    """A running nginx and its log."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path

    def request(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Reply:
        """Send a request; headers are named with _ for -."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return Reply(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def stop(self) -> int:
        """Stop it by its image's signal; return the exit code."""
        self.process.send_signal(signal.SIGQUIT)
        return self.process.wait(TIMEOUT_SECONDS)


@dataclass
class ReceivedRequest:
    """A request that a backend received."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Backend:
    """A backend that gives every request the same response, and records requests."""

    port: int = 0
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    body: bytes = b'{"from": "the backend"}'
    received: list[ReceivedRequest] = field(default_factory=list)


@pytest.fixture(scope="session")
def one_backend() -> Iterator[Backend]:
    answers = Backend()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answers.received.append(ReceivedRequest(self.command, self.path, dict(self.headers), body))
            self.send_response(answers.status)
            for name, value in {**answers.headers, "Content-Length": str(len(answers.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answers.body)

        do_GET = do_POST = do_OPTIONS = answer  # noqa: N815 (http.server asks for these names)

        def log_message(self, *said: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        answers.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield answers
        server.shutdown()


@pytest.fixture
def backend(one_backend: Backend) -> Backend:
    """The one backend, reset."""
    fresh = Backend()
    one_backend.status, one_backend.headers = fresh.status, fresh.headers
    one_backend.received.clear()
    return one_backend


@pytest.fixture(scope="session")
def installed() -> Iterator[Path]:
    """The files of the page's image, readable without rights: start.sh, nginx.conf, a compressed page."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "page" / "assets").mkdir(parents=True)
        (folder / "page" / "index.html").write_text("<!doctype html><title>flowers</title>")
        (folder / "page" / "assets" / "index-Ab12.js").write_text("let flowers = 1\n")
        (folder / "page" / "assets" / "index-Ab12.js.gz").write_bytes(b"packed")
        for file in ("start.sh", "nginx.conf"):
            shutil.copy(PAGE_FOLDER / file, folder)
        subprocess.run(["chmod", "-R", "a+rX", name], check=True)
        (folder / "state").mkdir()
        (folder / "state").chmod(0o777)
        yield folder


StartPage = Callable[..., PageServer]


@pytest.fixture(scope="session")
def one_page(installed: Path, one_backend: Backend) -> Iterator[PageServer]:
    _need_nginx()
    with _started(installed, {"PAINTING_BACKEND": f"http://127.0.0.1:{one_backend.port}"}) as page:
        yield page


@pytest.fixture
def page(one_page: PageServer, backend: Backend) -> PageServer:
    """A page's server in front of the backend, shared by tests, which must not stop it."""
    return one_page


@pytest.fixture
def start_page(installed: Path) -> Iterator[StartPage]:
    """A function that starts another page's server in front of an address, with other variables."""
    _need_nginx()
    with ExitStack() as running:
        yield lambda address, **variables: running.enter_context(
            _started(installed, {"PAINTING_BACKEND": address, **variables})
        )


def _need_nginx() -> None:
    if shutil.which("nginx") is None:
        reason = "nginx is not installed; the page's server is nginx"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


@contextmanager
def _started(folder: Path, variables: dict[str, str]) -> Iterator[PageServer]:
    port = free_port()
    log, state = folder / f"log-{port}", folder / "state" / str(port)
    environment = os.environ | {"PORT": str(port), "PAINTING_STATE": str(state)} | variables
    user = UNPRIVILEGED_UID if os.geteuid() == 0 else None
    log.touch()
    log.chmod(0o666)  # nginx opens its standard output by name
    with log.open("wb") as said:
        process = subprocess.Popen([folder / "start.sh"], stdout=said, stderr=said, env=environment, user=user)
    page = PageServer(process, port, log)
    try:
        _wait(page)
        yield page
    finally:
        process.terminate()
        process.wait(TIMEOUT_SECONDS)


def _wait(page: PageServer) -> None:
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        assert page.process.poll() is None, page.log.read_text()
        try:
            page.request("/", User_Agent="painting-healthcheck")
        except OSError:
            time.sleep(0.02)
        else:
            return
    pytest.fail("nginx does not answer")
