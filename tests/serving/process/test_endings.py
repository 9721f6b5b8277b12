"""Every way in which a server ends, with one and two workers: what each client gets, and what is left.

The servers of all rows run at the same time, as each of them mostly waits.
"""

import json
import os
import signal
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest
from tests.conftest import MakePainter, tiny_generator
from tests.serving.running import TIMEOUT_SECONDS, Server, serving, wait_until_accepted

pytestmark = pytest.mark.slow

PICTURE_SIZE = 64
CUT_OFF = "error: a worker process was killed, as it did not end within 1 s: raise PAINTING_GRACE_SECONDS"
KILLED = "error: a worker process was ended by SIGKILL"
UNLIMITED = "600"  # seconds: what ends in time did not wait for it


def post(path: str, body: bytes, length: int | None = None) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {length or len(body)}"
    return head.encode() + b"\r\n\r\n" + body


MORPH = post("/v1/morphs", json.dumps({"steps": 240, "seed": 1}).encode())
LARGE = post("/v1/images/generations", json.dumps({"n": 4, "size": "512x512", "seed": 1}).encode())
SENT_BY = {
    "morph": MORPH,
    "half a head": b"GET /livez HTTP/1.1\r\nHost: x\r\nX-",
    "half a body": post("/v1/morphs", b"{", 9),
    "idle": b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n",
}


@dataclass(frozen=True)
class Ending:
    """A row: what happens to the server, and what clients then get: a status, or 0 for a closed connection."""

    name: str
    happens: Callable[["Crowd"], None]
    gets: dict[str, int]
    code: int = 0
    says: tuple[str, ...] = ()
    workers: int = 1
    settings: dict[str, str] = field(default_factory=dict)


class Crowd:
    """A server and its clients: one of each sort."""

    def __init__(self, server: Server, names: list[str], opened: ExitStack) -> None:
        self.server = server
        self.tree = [psutil.Process(server.process.pid), *server.workers()]
        self.sockets = {name: opened.enter_context(self.connect()) for name in names}
        wait_until_accepted(server, len(names))
        for name, client in self.sockets.items():
            client.sendall(SENT_BY.get(name, LARGE))
        for _ in range(2):  # what was sent before has been read then
            server.get("/livez")
        if "idle" in names:
            assert status_of(self.sockets["idle"]) == 200
        if "unread" in names:
            assert self.sockets["unread"].recv(12) == b"HTTP/1.1 200"

    def connect(self) -> socket.socket:
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # for the one that does not read
        client.settimeout(TIMEOUT_SECONDS)
        client.connect(("127.0.0.1", self.server.port))
        return client

    def signal(self, *numbers: signal.Signals, pause: float = 0.3) -> None:
        """Send signals to the process group, as a terminal does: workers are in groups of their own."""
        for number in numbers:
            os.killpg(self.server.process.pid, number)
            time.sleep(pause)


def status_of(client: socket.socket) -> int:
    """The status of an answer that comes whole; 0 where the connection ends without."""
    received = b""
    try:
        while part := client.recv(1 << 16):
            received += part
            head, ended, body = received.partition(b"\r\n\r\n")
            if ended and f"content-length: {len(body)}" in head.decode().lower().split("\r\n"):
                return int(head.split(b" ", 2)[1])
    except ConnectionResetError:
        pass
    return 0


def terminate(crowd: Crowd) -> None:
    crowd.signal(signal.SIGTERM)


def kill_supervisor(crowd: Crowd) -> None:
    crowd.signal(signal.SIGKILL)


def stop_a_worker(crowd: Crowd) -> None:
    """One of two workers stands still: the other one answers all that comes, until the server is stopped."""
    crowd.tree[1].suspend()
    while crowd.tree[1].status() != psutil.STATUS_STOPPED:  # until then, its other threads go on
        time.sleep(0.01)
    time.sleep(0.2)
    answer_twenty(crowd)
    crowd.signal(signal.SIGTERM)


def kill_a_worker(crowd: Crowd) -> None:
    """One of two workers is killed: connections never fail to be accepted, and another worker comes."""
    crowd.tree[1].kill()
    answer_twenty(crowd)
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while crowd.tree[1].pid in (alive := {worker.pid for worker in crowd.server.workers()}) or len(alive) < 2:
        assert time.monotonic() < deadline, "no other worker came"
        time.sleep(0.05)
    crowd.tree += crowd.server.workers()
    crowd.signal(signal.SIGTERM)


def answer_twenty(crowd: Crowd) -> None:
    for _ in range(20):
        assert b"alive" in crowd.server.get("/livez")


def terminate_all_processes(crowd: Crowd) -> None:
    for process in crowd.tree:
        process.terminate()


def hang_up_under_nohup(crowd: Crowd) -> None:
    crowd.signal(signal.SIGHUP)
    assert b"alive" in crowd.server.get("/livez")
    crowd.signal(signal.SIGTERM)


FINISHED = {"morph": 200, "half a head": 0, "half a body": 408, "idle": 0}
GRACEFUL = {"PAINTING_GRACE_SECONDS": UNLIMITED}
SHORT = {"PAINTING_GRACE_SECONDS": "1", "PAINTING_BODY_SECONDS": UNLIMITED}
HUNG = {"PAINTING_GRACE_SECONDS": UNLIMITED, "PAINTING_BODY_SECONDS": UNLIMITED}
TWICE = (signal.SIGTERM, signal.SIGTERM)
INTERRUPTED = (signal.SIGINT, signal.SIGINT)
ENDINGS = [
    Ending("SIGTERM", terminate, FINISHED, settings=GRACEFUL),
    Ending("SIGTERM, two workers", terminate, FINISHED, workers=2, settings=GRACEFUL),
    Ending("SIGINT", lambda crowd: crowd.signal(signal.SIGINT), FINISHED, code=130, settings=GRACEFUL),
    Ending("SIGHUP", lambda crowd: crowd.signal(signal.SIGHUP), FINISHED, settings=GRACEFUL),
    Ending("SIGHUP under nohup", hang_up_under_nohup, {"idle": 0}, settings=GRACEFUL),
    Ending("SIGTERM to each process", terminate_all_processes, FINISHED, workers=2, settings=GRACEFUL),
    Ending("SIGTERM twice", lambda crowd: crowd.signal(*TWICE), {"half a body": 0}, code=1, settings=HUNG),
    Ending("SIGINT twice", lambda crowd: crowd.signal(*INTERRUPTED), {"half a body": 0}, code=130, settings=HUNG),
    Ending("a body without end", terminate, {"half a body": 0, "idle": 0}, says=(CUT_OFF,), settings=SHORT),
    Ending("an unread answer", terminate, {"unread": 0}, says=(CUT_OFF,), settings=SHORT),
    Ending("supervisor killed", kill_supervisor, FINISHED, code=-9, settings=GRACEFUL),
    Ending("supervisor killed, two workers", kill_supervisor, FINISHED, code=-9, workers=2, settings=GRACEFUL),
    Ending("supervisor killed, body without end", kill_supervisor, {"half a body": 0}, code=-9, settings=SHORT),
    Ending("a worker stopped", stop_a_worker, {}, says=(CUT_OFF,), workers=2, settings=SHORT),
    Ending("a worker killed", kill_a_worker, {}, says=(KILLED,), workers=2, settings=GRACEFUL),
]


@dataclass
class Ended:
    """What a server's end has left behind."""

    got: dict[str, int]
    code: int
    said: list[str]
    processes: list[psutil.Process]
    files: list[str]


def end(ending: Ending, painter: Path, folder: Path) -> Ended:
    """Run a server up to its end."""
    settings = {"PAINTING_HEADER_SECONDS": "1", "PAINTING_BODY_SECONDS": "1", "PAINTING_DRAIN_SECONDS": "0"}
    settings |= {"TMPDIR": str(folder), **ending.settings}
    folder.mkdir()
    launcher = "nohup" if "nohup" in ending.name else ""
    workers = str(ending.workers)
    with serving(painter, "--workers", workers, launcher=launcher, **settings) as server, ExitStack() as opened:
        crowd = Crowd(server, list(ending.gets), opened)
        ending.happens(crowd)
        got = {name: status_of(client) for name, client in crowd.sockets.items() if name != "unread"}
        code, said = server.end()
        if "unread" in crowd.sockets:
            got["unread"] = status_of(crowd.sockets["unread"])
        _, alive = psutil.wait_procs(crowd.tree[1:], timeout=TIMEOUT_SECONDS)
    return Ended(got, code, said.splitlines(), alive, [path.name for path in folder.iterdir()])


@pytest.fixture(scope="module")
def ended(
    make_lasting_painter: MakePainter, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Callable[[], Ended]]:
    """Each row's outcome, once it is there."""
    generator = tiny_generator(None, PICTURE_SIZE)
    painter = make_lasting_painter("ending", conditional=False, generator=generator, picture_size=PICTURE_SIZE)
    folder = tmp_path_factory.mktemp("endings")
    threads = ThreadPoolExecutor(4)
    futures = {row.name: threads.submit(end, row, painter, folder / str(at)) for at, row in enumerate(ENDINGS)}
    threads.shutdown(wait=False)
    return {name: future.result for name, future in futures.items()}


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: ending.name)
def test_each_client_gets_what_the_docs_say_and_nothing_is_left(
    ending: Ending, ended: dict[str, Callable[[], Ended]]
) -> None:
    found = ended[ending.name]()
    assert (found.got, found.code) == (ending.gets, ending.code)
    assert [line.split(" if requests")[0] for line in found.said] == list(ending.says)
    assert (found.processes, found.files) == ([], [])
