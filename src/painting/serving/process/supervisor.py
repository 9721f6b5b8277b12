"""Supervisor process: starts granian's workers, replaces those that die, and shuts them down gracefully."""

import logging
import multiprocessing
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.net import SocketSpec  # type: ignore[attr-defined]
from granian.server.mp import MPServer

from painting.errors import INTERRUPTED_EXIT_CODE, InvalidRequest
from painting.serving.client import MAX_UNREAD_SECONDS, SEND_BUFFER_BYTES
from painting.serving.engine.client_choices import ModelChoices
from painting.serving.process.posix import HANGUP_SIGNAL, disconnect_unread, ignores_hangup, reuse_address, was_killed
from painting.serving.process.worker import Address, SharedFlag, SharedState, load_app, print_error
from painting.serving.settings import MAX_HEADER_BYTES, MULTIPROCESS_DIR_VARIABLE, Settings

CRASH_EXIT_CODE = 1
WORKER_POLL_SECONDS = 1.0
DRAIN_POLL_SECONDS = 0.1
EXIT_POLL_SECONDS = 0.001
MAX_CRASHES = 5  # of workers within CRASH_WINDOW_SECONDS, before the server ends
CRASH_WINDOW_SECONDS = 30.0
LOG_CONFIG = {
    "handlers": {"console": {"formatter": "generic", "class": "logging.StreamHandler", "stream": "ext://sys.stderr"}},
    "loggers": {"_granian": {"handlers": ["console"], "propagate": False}},
}


def probe_address(host: str, port: int) -> Address:
    """Check that a port can be bound; port 0 takes any free one. Raises InvalidRequest."""
    if not 0 <= port <= 65_535:
        raise InvalidRequest(f"the port must be from 1 to 65535, or 0 for any free one, not {port}")
    try:
        family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            reuse_address(probe)  # as the server will
            probe.bind(where)
            number, found = probe.getsockname()[:2]
            return Address(host, number, found)
    except (OSError, UnicodeError) as error:  # a name that no host can have is not even looked up
        reason = (getattr(error, "strerror", None) or "not the name of a host").lower()
        raise InvalidRequest(
            f"cannot listen at {host} port {port} ({reason}): choose another with --host and --port, or "
            "PAINTING_HOST and PAINTING_PORT"
        ) from error


def run_server(settings: Settings) -> int:
    """Serve until SIGTERM or Ctrl-C, shut down gracefully, and return the exit code. Raises InvalidRequest."""
    address = probe_address(settings.host, settings.port)
    if not settings.url_secret:  # the same for all workers
        settings = replace(settings, url_secret=secrets.token_hex(32))
    shared = SharedState(
        draining=multiprocessing.RawValue("b", False), announcement=multiprocessing.Semaphore(1), choices=ModelChoices()
    )
    server = PaintingServer(
        shared.draining,
        settings.drain_seconds,
        target="painting",
        address=address.number,
        port=address.port,
        interface=Interfaces.RSGI,
        workers=settings.workers,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=settings.header_seconds * 1000, max_buffer_size=MAX_HEADER_BYTES
        ),
        websockets=False,
        backlog=max(1024, settings.max_connections),
        backpressure=settings.max_connections,
        workers_kill_timeout=settings.grace_seconds,
        log_level=LogLevels.error,
        log_dictconfig=LOG_CONFIG,
    )
    # The supervisor reports by itself how a worker ended; workers keep the level above.
    logging.getLogger("_granian").setLevel(logging.CRITICAL)
    folder = tempfile.mkdtemp(prefix="painting-metrics-") if settings.workers > 1 else None
    if folder:
        os.environ[MULTIPROCESS_DIR_VARIABLE] = folder
    try:
        loader: Callable[..., Any] = partial(load_app, address, settings, shared)
        server.serve(target_loader=loader, wrap_loader=False)
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
    return server.exit_code


def delete_gauges(process_id: int | None) -> None:
    """Delete the gauges that an ended process left in the metrics folder; its counters stay."""
    for path in Path(os.environ.get(MULTIPROCESS_DIR_VARIABLE, "/nowhere")).glob(f"gauge_live*_{process_id}.db"):
        path.unlink(missing_ok=True)


def exit_code(ended: BaseProcess) -> int:
    """Return an ended process's exit code, which granian's thread that reaped it may be about to note."""
    while ended.exitcode is None:
        time.sleep(EXIT_POLL_SECONDS)
    return ended.exitcode


def describe_exit(code: int) -> str:
    """Describe a process's exit code in words; a negative one is a signal's number."""
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"


class PaintingServer(MPServer):
    """granian's supervisor with a drain before the shutdown, a limit on crashes, and an exit code."""

    def __init__(self, draining: SharedFlag, drain_seconds: float, **options: Any) -> None:
        """Take the flag that workers watch, the seconds for which it is set before they stop, and granian's options."""
        super().__init__(**options)
        self.exit_code = 0
        self._draining = draining
        self._drain_seconds = drain_seconds
        self._ignores_hangup = ignores_hangup()

    def signal_handler_interrupt(self, signum: int = signal.SIGTERM, frame: FrameType | None = None) -> None:
        """Begin the graceful shutdown; a second signal kills the workers and exits at once."""
        if self.interrupt_signal:
            for worker in self.wrks:
                worker.kill()  # type: ignore[no-untyped-call]
            sys.exit(self.exit_code or CRASH_EXIT_CODE)
        if signum == signal.SIGINT:
            self.exit_code = INTERRUPTED_EXIT_CODE
        self._draining.value = True
        super().signal_handler_interrupt()  # type: ignore[no-untyped-call]

    def signal_handler_reload(self, signum: int = HANGUP_SIGNAL, frame: FrameType | None = None) -> None:
        """Shut down when the terminal is closed, except under `nohup`; there is nothing to reload."""
        if not self._ignores_hangup:
            self.signal_handler_interrupt(signum)

    def _init_shared_socket(self) -> None:
        """Bind one listening socket for all workers: connections that wait in it outlive a worker.

        granian's own is one for each worker on Linux; those that wait for a stopped or killed one would be lost.
        """
        self._shd: Any = SocketSpec(self.bind_addr, self.bind_port, self.backlog).build()
        self._ssp, self._sfd = None, self._shd.get_fd()
        self._sso = socket.socket(fileno=self._sfd)
        self._sso.set_inheritable(True)
        # Connections inherit its options.
        self._sso.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        disconnect_unread(self._sso, MAX_UNREAD_SECONDS)

    def _serve_loop(self, spawn_target: Callable[..., None], target_loader: Callable[..., Any]) -> None:
        """Replace workers that die until a signal comes, or too many died; then drain."""
        crashes: deque[float] = deque(maxlen=MAX_CRASHES)
        while not self.interrupt_signal:
            self.main_loop_interrupt.wait(WORKER_POLL_SECONDS)
            self.main_loop_interrupt.clear()
            for index, worker in enumerate(list(self.wrks)):
                if self.interrupt_signal or worker.is_alive():  # type: ignore[no-untyped-call]
                    continue
                crashes.append(time.monotonic())
                delete_gauges(worker.inner.pid)
                if self._is_final(exit_code(worker.inner), crashes):
                    return
                self._respawn_workers([index], spawn_target, target_loader)
        self.interrupt_children.clear()
        self._drain()

    def _drain(self) -> None:
        """Serve new connections until load balancers have noticed that /readyz fails, or no worker is left."""
        end = time.monotonic() + self._drain_seconds
        while time.monotonic() < end and any(worker.inner.is_alive() for worker in self.wrks):
            time.sleep(DRAIN_POLL_SECONDS)

    def _stop_workers(self) -> None:
        """End the workers gracefully, and report those that took too long and were killed."""
        workers = [worker for worker in self.wrks if worker.inner.is_alive()]
        super()._stop_workers()  # type: ignore[no-untyped-call]
        for worker in workers:
            if was_killed(exit_code(worker.inner)):
                print_error(
                    f"a worker process was killed, as it did not end within {self.workers_kill_timeout} s: raise "
                    "PAINTING_GRACE_SECONDS if requests take longer"
                )

    def _is_final(self, code: int, crashes: "deque[float]") -> bool:
        """Report how a worker ended; True if another would end likewise, and none should be started."""
        self.interrupt_children.clear()
        crashed = code != InvalidRequest.exit_code
        if crashed:
            print_error(f"a worker process {describe_exit(code)}")
        too_often = len(crashes) == MAX_CRASHES and crashes[-1] - crashes[0] < CRASH_WINDOW_SECONDS
        if crashed and not too_often:
            return False
        self.exit_code = max(code or CRASH_EXIT_CODE, CRASH_EXIT_CODE)
        return True
