"""What POSIX systems have and Windows has not, each with what stands in for it there."""

import os
import signal
import socket

HANGUP_SIGNAL = getattr(signal, "SIGHUP", signal.SIGTERM)
KILL_SIGNAL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows has one way to end a process, and it is at once


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
