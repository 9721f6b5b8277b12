"""The process that serves: granian in front of workers that hold the painters, and what becomes of them."""

import logging
import multiprocessing
import os
import secrets
import shutil
import signal
import socket
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from painting.errors import InvalidRequest
from painting.serving.engine.client_choices import ModelChoices
from painting.serving.process.worker import Address, Shared, load_app, say
from painting.serving.settings import Settings

LARGEST_HEADERS = 65_536
INTERRUPTED = 130
CRASHED = 1
INSIST_SECONDS = 0.5
LOOK_SECONDS = 1.0
MOST_DEATHS, DEATHS_SECONDS = 5, 30.0  # of workers, before the supervisor gives up
METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
LOGGING = {
    "handlers": {"console": {"formatter": "generic", "class": "logging.StreamHandler", "stream": "ext://sys.stderr"}},
    "loggers": {"_granian": {"handlers": ["console"], "propagate": False}},
}


def free_address(host: str, port: int) -> Address:
    """Make sure that a port can be had; port 0 takes any free one. Raises InvalidRequest."""
    if not 0 <= port <= 65_535:
        raise InvalidRequest(f"the port must be from 1 to 65535, or 0 for any free one, not {port}")
    try:
        family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # As the server will: ports of connections that just ended are free, listening ones are not.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
            number, found = probe.getsockname()[:2]
            return Address(host, number, found)
    except (OSError, UnicodeError) as error:  # a name that no host can have is not even looked up
        reason = (getattr(error, "strerror", None) or "not the name of a host").lower()
        raise InvalidRequest(
            f"cannot listen at {host} port {port} ({reason}): choose another with --host and --port"
        ) from error


def run_server(settings: Settings) -> int:
    """Serve until SIGTERM or Ctrl-C, finish what was taken, and give the exit code. Raises InvalidRequest."""
    address = free_address(settings.host, settings.port)
    if not settings.url_secret:  # the same for all workers
        settings = replace(settings, url_secret=secrets.token_hex(32))
    shared = Shared(
        draining=multiprocessing.RawValue("b", False), announcing=multiprocessing.Semaphore(1), choices=ModelChoices()
    )
    server = PaintingServer(
        target="painting",
        address=address.number,
        port=address.port,
        interface=Interfaces.RSGI,
        workers=settings.workers,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=settings.header_seconds * 1000, max_buffer_size=LARGEST_HEADERS
        ),
        websockets=False,
        backlog=max(1024, settings.max_connections),
        backpressure=settings.max_connections,
        # What is left of the time is for leaving.
        workers_kill_timeout=max(1, settings.drain_seconds - 1),
        log_level=LogLevels.error,
        log_dictconfig=LOGGING,
    )
    server.draining = shared.draining
    # The supervisor tells by itself how a worker ended; the worker keeps the level above.
    logging.getLogger("_granian").setLevel(logging.CRITICAL)
    folder = tempfile.mkdtemp(prefix="painting-metrics-") if settings.workers > 1 else None
    if folder:
        os.environ[METRICS_FOLDER] = folder
    try:
        loader: Callable[..., Any] = partial(load_app, address, settings, shared)
        server.serve(target_loader=loader, wrap_loader=False)
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
    return server.exit_code


def forget_metrics(process: int | None) -> None:
    """Take away what a process that ended counted of the moment; what it counted in all stays."""
    for path in Path(os.environ.get(METRICS_FOLDER, "/nowhere")).glob(f"gauge_live*_{process}.db"):
        path.unlink(missing_ok=True)


def _how_it_ended(code: int | None) -> str:
    """Say it in words; a code below 0 is a signal's number."""
    return f"was ended by {signal.Signals(-code).name}" if code and code < 0 else f"ended with code {code}"


class PaintingServer(MPServer):
    """granian's supervisor, which starts another worker for one that ended, and tells how it ended itself."""

    exit_code = 0
    draining: Any = None

    def signal_handler_interrupt(self, signum: int = signal.SIGTERM, frame: FrameType | None = None) -> None:
        """Begin to leave, and remember whether it was Ctrl-C; asked twice, leave at once."""
        if self.interrupt_signal:
            for worker in self.wrks:
                worker.kill()  # type: ignore[no-untyped-call]
            os._exit(self.exit_code or CRASHED)
        if signum == signal.SIGINT:
            self.exit_code = INTERRUPTED
        self.draining.value = True
        super().signal_handler_interrupt()  # type: ignore[no-untyped-call]

    def signal_handler_reload(self, signum: int = signal.SIGHUP, frame: FrameType | None = None) -> None:
        """Leave when the terminal is closed; there is nothing to reload."""
        self.signal_handler_interrupt(signum)

    def _serve_loop(self, spawn_target: Callable[..., None], target_loader: Callable[..., Any]) -> None:
        """Wait for the end, and start another worker for each that ended by itself; too many of those are the end."""
        deaths: deque[float] = deque(maxlen=MOST_DEATHS)
        while not self.interrupt_signal:
            self.main_loop_interrupt.wait(LOOK_SECONDS)
            self.main_loop_interrupt.clear()
            for index, worker in enumerate(list(self.wrks)):
                if self.interrupt_signal or worker.is_alive():  # type: ignore[no-untyped-call]
                    continue
                deaths.append(time.monotonic())
                forget_metrics(worker.inner.pid)
                if self._is_the_end(worker.inner.exitcode, deaths):
                    return
                self._respawn_workers([index], spawn_target, target_loader)
        self.interrupt_children.clear()

    def _is_the_end(self, code: int | None, deaths: "deque[float]") -> bool:
        """Tell how a worker ended; whether no other one should be started, as it would end likewise."""
        self.interrupt_children.clear()
        crashed = code is None or code < 0 or code != InvalidRequest.exit_code
        if crashed:
            say(f"a process that paints {_how_it_ended(code)}")
        often = len(deaths) == MOST_DEATHS and deaths[-1] - deaths[0] < DEATHS_SECONDS
        if crashed and not often:
            return False
        self.exit_code = max(code or CRASHED, CRASHED)
        return True

    def shutdown(self, exit_code: int = 0) -> None:
        """Stop the workers."""
        threading.Thread(target=self._insist, daemon=True).start()
        super().shutdown()  # type: ignore[no-untyped-call]

    def _insist(self) -> None:
        """Ask a worker again to leave: about one time in ten it misses a signal that comes together with requests."""
        while True:
            time.sleep(INSIST_SECONDS)
            for worker in list(self.wrks):
                worker.terminate()  # type: ignore[no-untyped-call]
