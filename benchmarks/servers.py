"""Server processes: start, memory and CPU time, stop."""

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

START_TIMEOUT_SECONDS = 120.0
STOP_TIMEOUT_SECONDS = 20.0
SAMPLE_SECONDS = 1.0
BYTES_PER_MIB = 2**20


class ServerFailed(Exception):
    """A server that did not start; the message holds its output."""


@dataclass(frozen=True)
class Server:
    """A running server: its address and its first process."""

    address: str
    process: psutil.Process

    def memory(self) -> float:
        """Proportional set size of all its processes, in MiB."""
        total = 0.0
        for process in (self.process, *self.process.children(recursive=True)):
            try:
                total += process.memory_full_info().pss
            except psutil.Error:  # it has just ended
                continue
        return total / BYTES_PER_MIB

    def processor_seconds(self) -> float:
        """CPU time of all its processes so far."""
        times = [one.cpu_times() for one in (self.process, *self.process.children(recursive=True))]
        return float(sum(one.user + one.system for one in times))


@contextmanager
def painting_server(painter: str | None) -> Iterator[Server]:
    """Run `painting serve` with the environment's settings."""
    named = ["--painter", painter] if painter else []
    port = free_port()
    with _running(["-m", "painting", "serve", *named, "--port", str(port)], port, "/readyz") as server:
        yield server


@contextmanager
def thesis_server() -> Iterator[Server]:
    """Run the thesis's app under Flask's development server."""
    port = free_port()
    with _running(["-m", "benchmarks.thesis_app", str(port)], port, "/?input=a+rose&count=1") as server:
        yield server


def free_port() -> int:
    """Find a free port."""
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
                raise ServerFailed(f"{' '.join(command)} did not start:\n{printed.read().decode()[-2000:]}")
            yield Server(address, psutil.Process(process.pid))
        finally:
            process.terminate()
            try:
                process.wait(STOP_TIMEOUT_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until_ready(address: str, process: "subprocess.Popen[bytes]") -> bool:
    """Poll an address until it answers; False if the process ends before."""
    until = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(address, timeout=START_TIMEOUT_SECONDS):
                return True
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    return False


@dataclass
class MemoryWatch:
    """Samples a server's memory once a second: (seconds since the start, MiB)."""

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
    """Memory growth in MiB per minute after so many seconds: the least-squares slope of the samples."""
    late = [(at, size) for at, size in samples if at >= after]
    if len(late) < 2:
        return float("nan")
    middle_at = sum(at for at, _ in late) / len(late)
    middle_size = sum(size for _, size in late) / len(late)
    spread = sum((at - middle_at) ** 2 for at, _ in late)
    return 60 * sum((at - middle_at) * (size - middle_size) for at, size in late) / spread
