"""Servers in processes of their own: how they begin, what memory they hold, how they end."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from urllib.error import URLError
from urllib.request import urlopen

import psutil  # type: ignore[import-untyped]

LONGEST_START = 120.0
LONGEST_END = 20.0
SAMPLE_SECONDS = 1.0
MIB = 2**20


class ServerFailed(Exception):
    """A server did not begin; says what it printed."""


@dataclass(frozen=True)
class Server:
    """Where it answers, and the first of its processes."""

    address: str
    process: psutil.Process

    def memory(self) -> float:
        """MiB that all its processes hold; what they share is counted once."""
        total = 0.0
        for process in (self.process, *self.process.children(recursive=True)):
            try:
                total += process.memory_full_info().pss
            except psutil.Error:  # it has just ended
                continue
        return total / MIB

    def processor_seconds(self) -> float:
        """Processor time that its processes have taken so far."""
        times = [one.cpu_times() for one in (self.process, *self.process.children(recursive=True))]
        return float(sum(one.user + one.system for one in times))


@contextmanager
def painting_server(painter: str | None) -> Iterator[Server]:
    """`painting serve`, with the settings that the environment has."""
    named = ["--painter", painter] if painter else []
    port = free_port()
    with _running(["-m", "painting", "serve", *named, "--port", str(port)], port, "/readyz") as server:
        yield server


@contextmanager
def thesis_server() -> Iterator[Server]:
    """The thesis's app under Flask's development server."""
    port = free_port()
    with _running(["-m", "benchmarks.thesis_app", str(port)], port, "/?input=a+rose&count=1") as server:
        yield server


def free_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(command: list[str], port: int, ready: str) -> Iterator[Server]:
    address = f"http://127.0.0.1:{port}"
    with TemporaryFile() as printed:
        process = subprocess.Popen([sys.executable, *command], stdout=printed, stderr=subprocess.STDOUT, env=os.environ)
        try:
            if not wait_until_ready(address + ready, process):
                printed.seek(0)
                raise ServerFailed(f"{' '.join(command)} did not begin:\n{printed.read().decode()[-2000:]}")
            yield Server(address, psutil.Process(process.pid))
        finally:
            process.terminate()
            try:
                process.wait(LONGEST_END)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until_ready(address: str, process: "subprocess.Popen[bytes]") -> bool:
    """Poll an address until it answers; False if the process ends before."""
    until = time.monotonic() + LONGEST_START
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(address, timeout=LONGEST_START):
                return True
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    return False


@dataclass
class MemoryWatch:
    """A server's memory, once a second: seconds since the watch began, MiB."""

    server: Server
    samples: list[tuple[float, float]] = field(default_factory=list)

    def __enter__(self) -> "MemoryWatch":
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        begun = time.monotonic()
        while not self._ended.is_set():
            self.samples.append((time.monotonic() - begun, self.server.memory()))
            self._ended.wait(SAMPLE_SECONDS)


def growth(samples: list[tuple[float, float]], after: float) -> float:
    """MiB a minute by which memory grew after so many seconds: the slope of the line nearest to the samples."""
    late = [(at, size) for at, size in samples if at >= after]
    if len(late) < 2:
        return float("nan")
    middle_at = sum(at for at, _ in late) / len(late)
    middle_size = sum(size for _, size in late) / len(late)
    spread = sum((at - middle_at) ** 2 for at, _ in late)
    return 60 * sum((at - middle_at) * (size - middle_size) for at, size in late) / spread
