"""A process that paints: it loads the painters, builds the app, and leaves when it should."""

import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from ctypes import c_bool
from dataclasses import dataclass
from functools import partial
from multiprocessing.synchronize import Semaphore
from typing import TYPE_CHECKING

from painting.errors import PaintingError
from painting.malloc import limit_malloc
from painting.serving.engine.client_choices import ModelChoices
from painting.serving.settings import Settings

if TYPE_CHECKING:
    from painting.serving.process.rsgi import Gateway

POLL_SECONDS = 0.005
WATCH_SECONDS = 5.0
HUNG = 70
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Address:
    """Where a server listens: the host as it was given, and the address that it has."""

    host: str
    number: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


@dataclass(frozen=True)
class Shared:
    """What all processes share: whether all should leave, the right to tell the address, and what clients chose."""

    draining: c_bool
    announcing: Semaphore
    choices: ModelChoices


def load_app(address: Address, settings: Settings, shared: Shared) -> "Gateway":
    """Load the painters and build the app: the first thing that a worker does."""
    # Ctrl-C reaches a terminal's whole group; the worker must hear of the end once, from its supervisor.
    os.setpgrp()
    # Until granian sets its own handlers, a signal simply ends the worker: there is nothing to finish yet.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    limit_malloc()
    from painting.serving.app import create_app  # only the worker needs these, once
    from painting.serving.logs import configure_logging
    from painting.serving.process.rsgi import Gateway
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
        say(str(error))
        sys.exit(error.exit_code)
    service = state_of(app).service
    names = " and ".join(f'"{painter.name}"' for painter in service.catalog.painters)
    for work in (
        partial(_announce, names, address, shared),
        _leave_with_parent,
        partial(_watch, lambda: service.renderer.alive),
    ):
        threading.Thread(target=work, daemon=True).start()
    return Gateway(app, settings, address.port)


def say(problem: str) -> None:
    """Tell whoever started the server what went wrong, in one line."""
    print(f"error: {problem}", file=sys.stderr, flush=True)


def _announce(names: str, address: Address, shared: Shared) -> None:
    """Print the address as soon as somebody answers there; once, however many workers there are."""
    while True:
        try:
            socket.create_connection((address.number, address.port), timeout=1).close()
        except OSError:
            time.sleep(POLL_SECONDS)
        else:
            break
    if shared.announcing.acquire(block=False):
        print(f"Painting with {names} at {address}", flush=True)


def _leave_with_parent() -> None:
    """Leave when the supervisor was killed, rather than hold its port for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _watch(alive: Callable[[], bool]) -> None:
    """Leave at once when a painter hangs: its thread cannot be stopped, and the supervisor starts another worker."""
    while alive():
        time.sleep(WATCH_SECONDS)
    time.sleep(WATCH_SECONDS)  # a thread that died lets the others finish
    log.critical("a painter hangs or has died: this process leaves")
    os._exit(HUNG)
