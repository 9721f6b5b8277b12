"""Memory that one training step frees is kept for the next, where the C library can be told so."""

import ctypes
import platform

TRIM_THRESHOLD, MMAP_MAX = -1, -4
"""What glibc's malloc.h calls M_TRIM_THRESHOLD and M_MMAP_MAX."""


def keep_freed_memory() -> bool:
    """Let a step have the memory of the one before; says whether the C library does that (glibc: Linux).

    Unasked, glibc gives large tensors back to the system as soon as they are freed, and the system fills every page
    with zeros before it gives them out again, step after step. The price: the process keeps its peak until it ends.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    library = ctypes.CDLL(None)
    return bool(library.mallopt(MMAP_MAX, 0)) and bool(library.mallopt(TRIM_THRESHOLD, -1))
