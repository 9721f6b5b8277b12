"""What a server keeps for later: little, of the buffers that its threads have freed and of the rings of its objects."""

import ctypes
import gc

LARGE = 1 << 16  # bytes: the files of pictures and the answers that hold them
ARENAS = 2
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
MIDDLE_ROUNDS, OLD_ROUNDS = 5, 1


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


def collect_often() -> None:
    """Have objects that hold each other collected every few seconds under load: a request leaves some, with its answer.

    Left alone, Python looks through old objects only when there are a quarter more of them than at the last time, which
    after a start with 80,000 takes a minute and hundreds of MiB. Those of the start are never looked through again.
    """
    gc.collect()
    gc.freeze()
    gc.collect()  # which counts what is left, by which it tells when to come again
    gc.set_threshold(gc.get_threshold()[0], MIDDLE_ROUNDS, OLD_ROUNDS)
