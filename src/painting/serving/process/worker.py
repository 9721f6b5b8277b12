"""Worker process: loads the painters, builds the app, and ends with its supervisor or when a painter hangs."""

import logging
import multiprocessing
import os
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing.synchronize import Semaphore
from typing import TYPE_CHECKING, Protocol

from painting.console import prepare_streams
from painting.errors import PaintingError
from painting.serving.engine.client_choices import ModelChoices
from painting.serving.process.posix import KILL_SIGNAL, leave_process_group
from painting.serving.settings import MULTIPROCESS_DIR_VARIABLE, Settings

if TYPE_CHECKING:
    from painting.serving.process.rsgi import RsgiBridge

CONNECT_POLL_SECONDS = 0.005
HEALTH_POLL_SECONDS = 5.0
log = logging.getLogger(__name__)


class SharedFlag(Protocol):
    """A boolean in memory that all processes of a server share."""

    value: bool


@dataclass(frozen=True)
class Address:
    """Where a server listens: the host as given, its numeric address, and the port."""

    host: str
    number: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


@dataclass(frozen=True)
class SharedState:
    """What all processes of a server share.

    `draining`: whether the server is shutting down. `announcement`: held by the worker that prints the address.
    `choices`: which painter each client selected.
    """

    draining: SharedFlag
    announcement: Semaphore
    choices: ModelChoices


def load_app(address: Address, settings: Settings, shared: SharedState) -> "RsgiBridge":
    """Load the painters and build the app, as the first thing that a worker does."""
    prepare_streams()
    # Ctrl-C reaches a terminal's whole process group; the worker gets its signal once, from its supervisor.
    leave_process_group()
    # Until granian installs its own handlers, a signal simply ends the worker: it has no request to finish yet.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    _in_background(partial(_exit_with_parent, settings.grace_seconds, shared.draining))
    from painting.serving.app import create_app  # the supervisor, which imports this module, needs none of these
    from painting.serving.logs import configure_logging
    from painting.serving.process.rsgi import RsgiBridge
    from painting.serving.state import ProcessHooks, state_of

    configure_logging(settings.log_level)
    hooks = ProcessHooks(
        is_draining=lambda: bool(shared.draining.value),
        on_crash=partial(os.kill, os.getpid(), signal.SIGTERM),
        choices=shared.choices,
    )
    try:
        app = create_app(None, settings, hooks)
    except PaintingError as error:
        print_error(str(error))
        sys.exit(error.exit_code)
    service = state_of(app).service
    names = " and ".join(f'"{painter.name}"' for painter in service.catalog.painters)
    _in_background(partial(_announce, names, address, shared))
    _in_background(partial(_kill_when_hung, lambda: service.renderer.alive))
    return RsgiBridge(app, settings, hooks.is_draining)


def print_error(problem: str) -> None:
    """Print an error to standard error as one line."""
    print(f"error: {problem}", file=sys.stderr, flush=True)


def _in_background(work: Callable[[], None]) -> None:
    threading.Thread(target=work, daemon=True).start()


def _announce(names: str, address: Address, shared: SharedState) -> None:
    """Print the address once it accepts connections; one worker of all does."""
    while True:
        try:
            socket.create_connection((address.number, address.port), timeout=1).close()
        except OSError:
            time.sleep(CONNECT_POLL_SECONDS)
        else:
            break
    if shared.announcement.acquire(block=False):
        print(f"Painting with {names} at {address}", flush=True)


def _exit_with_parent(grace_seconds: float, draining: SharedFlag) -> None:
    """When the supervisor was killed, do what it would: shut down, within the grace, and delete the metrics folder."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    parent.join()
    draining.value = True
    if MULTIPROCESS_DIR_VARIABLE in os.environ:
        shutil.rmtree(os.environ[MULTIPROCESS_DIR_VARIABLE], ignore_errors=True)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(grace_seconds)
    os.kill(os.getpid(), KILL_SIGNAL)


def _kill_when_hung(is_alive: Callable[[], bool]) -> None:
    """Kill this process when a painter's thread hangs: it cannot be stopped, but a worker can be replaced."""
    while is_alive():
        time.sleep(HEALTH_POLL_SECONDS)
    time.sleep(HEALTH_POLL_SECONDS)  # where a thread died, the process is shutting down already
    log.critical("a painter hangs or has died: this process ends")
    os.kill(os.getpid(), KILL_SIGNAL)
