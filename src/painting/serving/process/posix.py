"""What POSIX systems have and Windows has not, each with what stands in for it there."""

import os
import signal
import socket

HANGUP_SIGNAL = getattr(signal, "SIGHUP", signal.SIGTERM)
KILL_SIGNAL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows has one way to end a process, and it is at once


def ignores_hangup() -> bool:
    """Whether this process was started to outlive its terminal, as `nohup` does it; False on Windows."""
    return hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def was_killed(exit_code: int | None) -> bool:
    """Whether an exit code is that of SIGKILL; False on Windows, which has none."""
    return hasattr(signal, "SIGKILL") and exit_code == -signal.SIGKILL


def leave_process_group() -> None:
    """Leave the terminal's process group, whose every process Ctrl-C would reach; no effect on Windows."""
    if hasattr(os, "setpgrp"):
        os.setpgrp()


def reuse_address(listener: socket.socket) -> None:
    """Let a socket bind a port whose connections just ended, but none that is listened at.

    POSIX has SO_REUSEADDR for it; on Windows, that would share the port with another program.
    """
    if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


def disconnect_unread(listener: socket.socket, seconds: int) -> None:
    """Let connections of a listening socket end when their client takes nothing for so long; on Linux alone."""
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 1000 * seconds)
