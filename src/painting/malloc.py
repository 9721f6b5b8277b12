"""Tune glibc's malloc: keep freed buffers for the next batch (training), or return them to the system (serving)."""

import ctypes

# Parameters of mallopt(3).
_M_TRIM_THRESHOLD = -1
_M_TOP_PAD = -2
_M_MMAP_THRESHOLD = -3
_M_MMAP_MAX = -4
_M_ARENA_MAX = -8

NEVER_TRIM = (1 << 31) - 1
TOP_PAD_BYTES = 1 << 28
"""Bytes that are requested of the system beyond what is needed."""
MMAP_THRESHOLD_BYTES = 1 << 16
"""Buffers of the files of pictures, and of the responses that hold them, are larger."""
MAX_ARENAS = 2


def retain_malloc() -> bool:
    """Keep freed buffers in the process; returns whether this system's malloc can be tuned.

    By default malloc gives every large buffer back to the system, which hands it out again page by page, each of them
    cleared: a tenth of a step on small networks, two fifths of the time of EfficientNet-Lite2.
    """
    return _mallopt((_M_MMAP_MAX, 0), (_M_TRIM_THRESHOLD, NEVER_TRIM), (_M_TOP_PAD, TOP_PAD_BYTES))


def limit_malloc() -> bool:
    """Return freed buffers to the system; returns whether this system's malloc can be tuned.

    By default malloc raises its threshold to the largest buffer that was freed, in up to eight heaps a core.
    A server of many threads grows by that for minutes, until each of them has made answers at the busiest moment.
    """
    return _mallopt((_M_MMAP_THRESHOLD, MMAP_THRESHOLD_BYTES), (_M_ARENA_MAX, MAX_ARENAS))


def _mallopt(*settings: tuple[int, int]) -> bool:
    """Set parameters by glibc's mallopt; False where this is another C library, or a parameter is refused."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # not glibc, or no way to name the program itself
        return False
    return all([mallopt(parameter, value) for parameter, value in settings])
