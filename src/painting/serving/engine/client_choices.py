"""Which painter each client chose, as AUTOMATIC1111's options let it: one memory for all processes of a server."""

import multiprocessing
from ctypes import c_uint64
from hashlib import blake2b

SLOTS = 1 << 13
MOST = 255


class Choices:
    """A table of numbers in shared memory, of a fixed size: what a client chose lies where a digest of it points.

    Each number holds the rest of the digest and the painter's place, so that it is written and read at once, without
    a lock. Where two clients' digests point to the same number, the later one stays: the earlier has chosen nothing.
    """

    def __init__(self) -> None:
        self._numbers = multiprocessing.RawArray(c_uint64, SLOTS)

    def put(self, identity: str, place: int) -> None:
        """Remember a painter by its place in the list of all, 0 to 254."""
        slot, rest = _digest(identity)
        if place < MOST:
            self._numbers[slot] = rest | (place + 1)

    def get(self, identity: str) -> int | None:
        """The place of the painter that a client chose, if it is remembered."""
        slot, rest = _digest(identity)
        number = self._numbers[slot]
        return (number & MOST) - 1 if number and number & ~MOST == rest else None


def _digest(identity: str) -> tuple[int, int]:
    """Where a client's number lies, and 56 bits that tell it from others."""
    digest = int.from_bytes(blake2b(identity.encode(), digest_size=16).digest(), "little")
    return digest % SLOTS, digest >> 64 & ~MOST
