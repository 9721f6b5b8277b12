"""Leaving without losing a request: no further connection is taken, and those that came are heard to the end.

Closing a listening socket resets the connections that the system had accepted for it, with the requests in them, and
granian drops a connection whose request it has not begun to read. So both wait until there are none of either.
"""

import asyncio
import ctypes
import os
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SETTLE_SECONDS = 0.5  # within which a connection that was made brings its request
MOST_SECONDS = 3.0  # for the system's queue to empty
LOOK_SECONDS = 0.02
SO_ATTACH_FILTER = 26
QUEUED = struct.Struct("24xI")  # where TCP_INFO tells how many connections a listening socket has in its queue
# A program of the kernel's packet filter: what asks for a new connection (SYN without ACK) is dropped. Whoever sent it
# asks again after a second, and is refused then.
TCP_FLAGS, SYN, SYN_ACK = 13, 0x02, 0x12
NO_NEW_ONES = b"".join(
    struct.pack("HBBI", *step)
    for step in (
        (0x30, 0, 0, TCP_FLAGS),  # load the byte of the TCP header
        (0x54, 0, 0, SYN_ACK),  # keep two bits of it
        (0x15, 0, 1, SYN),  # unless they are SYN alone, go on after the next step
        (0x06, 0, 0, 0),  # drop the packet
        (0x06, 0, 0, 0xFFFF_FFFF),  # take all of it
    )
)


async def hear_everybody(port: int, silent_seconds: Callable[[], float]) -> None:
    """Take no new connections at a port, and wait until those that were made before have been heard.

    `silent_seconds` tells for how long no request has begun.
    """
    with _sockets(port, listening=True) as found:
        for each in found:
            refuse_new_connections(each)
        begun = time.monotonic()
        while (waited := time.monotonic() - begun) < MOST_SECONDS:
            if min(waited, silent_seconds()) >= SETTLE_SECONDS and not any(map(queued, found)):
                return
            await asyncio.sleep(LOOK_SECONDS)


def stop_granian() -> None:
    """Have this worker's granian close its sockets, finish its requests and end: it hears SIGINT as it does SIGTERM."""
    signal.raise_signal(signal.SIGINT)


def end_when_alone(port: int, busy: Callable[[], bool]) -> None:
    """End this process when it has nobody to answer and no connection at a port: granian, at times, waits for ever.

    It does when the last request ends in the moment in which it is asked to stop.
    """
    while busy() or _any_socket(port):
        time.sleep(LOOK_SECONDS)
    time.sleep(SETTLE_SECONDS)  # it ends by itself, most times
    os._exit(0)


def refuse_new_connections(listening: socket.socket) -> None:
    """Let a socket hear nothing of those who would connect, and all of those who have; Linux alone can do that."""
    if sys.platform != "linux":
        return
    program = ctypes.create_string_buffer(NO_NEW_ONES, len(NO_NEW_ONES))
    described = struct.pack("HP", len(NO_NEW_ONES) // 8, ctypes.addressof(program))
    try:
        listening.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, described)
    except OSError:  # a sandbox may forbid it: what connects in the last moment is lost then
        return


def queued(listening: socket.socket) -> int:
    """How many connections the system has accepted for a socket, and nobody has taken yet."""
    if sys.platform != "linux":
        return 0
    told = listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, QUEUED.size)
    return int(QUEUED.unpack(told)[0]) if len(told) == QUEUED.size else 0


@contextmanager
def _sockets(port: int, listening: bool) -> Iterator[list[socket.socket]]:
    """This process's sockets at a port, as long as they are needed; none where the system does not tell."""
    found = []
    for number in _open_files():
        try:
            one = socket.socket(fileno=os.dup(number))
        except OSError:  # no socket, or closed since
            continue
        if _is_at(one, port) and (_listens(one) or not listening):
            found.append(one)
        else:
            one.close()
    try:
        yield found
    finally:
        for one in found:
            one.close()


def _any_socket(port: int) -> bool:
    """Whether this process has a socket at a port, as far as is known."""
    with _sockets(port, listening=False) as found:
        return bool(found) or not _open_files()


def _open_files() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc/self/fd")]
    except OSError:
        return []


def _is_at(one: socket.socket, port: int) -> bool:
    return one.family in (socket.AF_INET, socket.AF_INET6) and one.getsockname()[1] == port


def _listens(one: socket.socket) -> bool:
    return bool(one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
