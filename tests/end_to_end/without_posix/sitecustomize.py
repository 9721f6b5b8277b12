"""Windows, as far as Linux can play it: a Python without POSIX's own names, whose processes are spawned.

Python imports a module of this name at its start from PYTHONPATH: a test puts this folder there.
"""

import asyncio
import multiprocessing
import multiprocessing.popen_spawn_posix
import os
import signal
import subprocess  # noqa: F401  it takes msvcrt for a sign of Windows, and is needed here as it is
import sys
from types import SimpleNamespace
from typing import Any

import granian._signals

SIGNALS = "SIGHUP SIGKILL SIGQUIT SIGUSR1 SIGUSR2 SIGALRM SIGCHLD SIGTSTP SIGCONT SIGPIPE".split()
CALLS = "setpgrp setpgid getpgid killpg setsid fork getuid geteuid sched_getaffinity nice mkfifo chown".split()


def refuse(*arguments: Any) -> None:
    raise NotImplementedError


KILL_SIGNAL = signal.SIGKILL


def end_at_once(self: Any) -> None:
    """End a process as TerminateProcess does."""
    os.kill(self.pid, KILL_SIGNAL)


for name in ("terminate", "kill"):
    setattr(multiprocessing.popen_spawn_posix.Popen, name, end_at_once)
# granian goes by the platform's name, and Windows has this signal of Ctrl-Break.
granian._signals.sys = SimpleNamespace(platform="win32")  # type: ignore[attr-defined, assignment]
signal.SIGBREAK = signal.SIGUSR1  # type: ignore[attr-defined]
for module, names in ((signal, SIGNALS), (os, CALLS)):
    for name in names:
        delattr(module, name)
for name in ("fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules[name] = None  # type: ignore[assignment]
sys.modules["msvcrt"] = SimpleNamespace(LK_NBLCK=2, locking=lambda handle, mode, size: None)  # type: ignore[assignment]
asyncio.SelectorEventLoop.add_signal_handler = refuse  # type: ignore[method-assign, assignment]
multiprocessing.set_start_method("spawn")
