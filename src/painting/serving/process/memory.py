"""What a server keeps for later: little, of the buffers that its threads have freed."""

import ctypes

LARGE = 1 << 16  # bytes: the files of pictures and the answers that hold them
ARENAS = 2
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8


def keep_little() -> bool:
    """Have freed buffers go back to the system; whether this system's malloc can be told so.

    Left alone, malloc learns to keep buffers as large as the largest ones that were freed, in up to eight heaps a core.
    A server of many threads grows by that for minutes, until each of them has made answers at the busiest moment.
    """
    try:
        tell = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # not glibc, or no way to name the program itself
        return False
    return bool(tell(_M_MMAP_THRESHOLD, LARGE)) and bool(tell(_M_ARENA_MAX, ARENAS))
