"""`painting serve` as a process of its own."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil  # type: ignore[import-untyped]

TIMEOUT_SECONDS = 60  # a bound for what hangs, never a measure


class Server:
    """A running `painting serve` on a free port."""

    def __init__(self, painter: Path, *arguments: str, launcher: str = "", **settings: str) -> None:
        self.process = subprocess.Popen(
            [
                *launcher.split(),
                sys.executable,
                "-m",
                "painting",
                "serve",
                "--painter",
                str(painter),
                "--port",
                "0",
                *arguments,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PAINTING_LOG_LEVEL": "error"} | settings,
            start_new_session=True,  # a group of its own, as a shell gives to each command
        )
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", self.line)
        assert found, self.line + self.process.communicate(timeout=TIMEOUT_SECONDS)[1]
        self.port = int(found[1])
        self.address = f"http://127.0.0.1:{self.port}"

    def get(self, query: str = "/?input=a+rose&count=1") -> bytes:
        with urllib.request.urlopen(self.address + query, timeout=TIMEOUT_SECONDS) as response:
            answer: bytes = response.read()
            return answer

    def workers(self) -> list[psutil.Process]:
        """The worker processes."""
        return [child for child in psutil.Process(self.process.pid).children() if child.status() != "zombie"]

    def end(self) -> tuple[int, str]:
        """Wait for the end; return the exit code and the remaining output."""
        output = "".join(self.process.communicate(timeout=TIMEOUT_SECONDS))
        return self.process.returncode, output

    def stop(self) -> None:
        """Stop it, if it still runs."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.end()


@contextmanager
def serving(painter: Path, *arguments: str, launcher: str = "", **settings: str) -> Iterator[Server]:
    """Run a server for the time of a context."""
    server = Server(painter, *arguments, launcher=launcher, **settings)
    try:
        yield server
    finally:
        server.stop()


def wait_until_accepted(server: Server, count: int) -> None:
    """Wait until the workers have accepted `count` connections."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while sum(_established(worker) for worker in server.workers()) < count:
        assert time.monotonic() < deadline, "the server accepts no connections"
        time.sleep(0.01)


def _established(worker: psutil.Process) -> int:
    return sum(held.status == psutil.CONN_ESTABLISHED for held in worker.net_connections("tcp"))
