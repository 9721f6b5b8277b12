"""The process that serves: granian in front of the app, one worker that holds the painter."""

import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from painting.errors import InvalidRequest, PaintingError
from painting.serving.settings import Settings

LARGEST_HEADERS = 65_536
INTERRUPTED = 130
CRASHED = 1
POLL_SECONDS = 0.005
INSIST_SECONDS = 0.5
LOGGING = {
    "handlers": {"console": {"formatter": "generic", "class": "logging.StreamHandler", "stream": "ext://sys.stderr"}},
    "loggers": {"_granian": {"handlers": ["console"], "propagate": False}},
}


@dataclass(frozen=True)
class Address:
    """Where a server listens: the host as it was given, and the address that it has."""

    host: str
    number: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


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


def run_server(painter: Path, address: Address, settings: Settings) -> int:
    """Serve until SIGTERM or Ctrl-C, finish what was taken, and give the exit code."""
    server = PaintingServer(
        target="painting",
        address=address.number,
        port=address.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=settings.header_seconds * 1000, max_buffer_size=LARGEST_HEADERS
        ),
        websockets=False,
        backpressure=settings.most_connections,
        workers_kill_timeout=settings.drain_seconds,
        log_level=LogLevels.error,
        log_dictconfig=LOGGING,
    )
    # The supervisor tells by itself how a worker ended; the worker keeps the level above.
    logging.getLogger("_granian").setLevel(logging.CRITICAL)
    server.serve(target_loader=partial(load_app, painter, address, settings), wrap_loader=False)
    return server.exit_code


class PaintingServer(MPServer):
    """granian's supervisor, which also tells how it ended."""

    exit_code = 0

    def signal_handler_interrupt(self, signum: int = signal.SIGTERM, frame: FrameType | None = None) -> None:
        """Begin to leave, and remember whether it was Ctrl-C."""
        if signum == signal.SIGINT:
            self.exit_code = INTERRUPTED
        super().signal_handler_interrupt()  # type: ignore[no-untyped-call]

    def signal_handler_reload(self, signum: int = signal.SIGHUP, frame: FrameType | None = None) -> None:
        """Leave when the terminal is closed; there is nothing to reload."""
        self.signal_handler_interrupt(signum)

    def shutdown(self, exit_code: int = 0) -> None:
        """Stop the worker; a worker that ended by itself gives its exit code to the whole."""
        if self.interrupt_children and not self.interrupt_signal:
            ended = next((worker.inner.exitcode for worker in self.wrks), None) or CRASHED
            if ended < 0:
                _say(f"the process that paints was ended by {signal.Signals(-ended).name}")
            self.exit_code = max(ended, CRASHED)
            self.interrupt_children.clear()
        threading.Thread(target=self._insist, daemon=True).start()
        super().shutdown()  # type: ignore[no-untyped-call]

    def _insist(self) -> None:
        """Ask a worker again to leave: about one time in ten it misses a signal that comes together with requests."""
        while True:
            time.sleep(INSIST_SECONDS)
            for worker in list(self.wrks):
                worker.terminate()  # type: ignore[no-untyped-call]


def load_app(painter: Path, address: Address, settings: Settings) -> Callable[..., Any]:
    """Load the painter and build the app: the first thing that a worker does."""
    # Ctrl-C reaches a terminal's whole group; the worker must hear of the end once, from its supervisor.
    os.setpgrp()
    # Until granian sets its own handlers, a signal simply ends the worker: there is nothing to finish yet.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    from painting.serving.app import create_app  # only the worker needs these, once
    from painting.serving.state import state_of

    try:
        app = create_app(painter, settings)
    except PaintingError as error:
        _say(str(error))
        sys.exit(error.exit_code)
    name = state_of(app).paint_queue.painter.name
    for work in (partial(_announce, name, address), _leave_with_parent):
        threading.Thread(target=work, daemon=True).start()
    return app


def _say(problem: str) -> None:
    print(f"error: {problem}", file=sys.stderr, flush=True)


def _announce(name: str, address: Address) -> None:
    """Print the address as soon as somebody answers there."""
    while True:
        try:
            socket.create_connection((address.number, address.port), timeout=1).close()
        except OSError:
            time.sleep(POLL_SECONDS)
        else:
            break
    print(f'Painting with "{name}" at {address}', flush=True)


def _leave_with_parent() -> None:
    """Leave when the supervisor was killed, rather than hold its port for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
