"""Tune glibc's malloc for training: keep freed buffers for the next batch."""

import ctypes

# Parameters of mallopt(3).
_M_TRIM_THRESHOLD = -1
_M_TOP_PAD = -2
_M_MMAP_MAX = -4

NEVER_TRIM = (1 << 31) - 1
TOP_PAD_BYTES = 1 << 28
"""Bytes that are requested of the system beyond what is needed."""


def retain_malloc() -> bool:
    """Keep freed buffers in the process; returns whether this system's malloc can be tuned.

    By default malloc gives every large buffer back to the system, which hands it out again page by page, each of them
    cleared: two fifths of the time of EfficientNet-Lite2.
    """
    return _mallopt((_M_MMAP_MAX, 0), (_M_TRIM_THRESHOLD, NEVER_TRIM), (_M_TOP_PAD, TOP_PAD_BYTES))


def _mallopt(*settings: tuple[int, int]) -> bool:
    """Set parameters by glibc's mallopt; False where this is another C library, or a parameter is refused."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # not glibc, or no way to name the program itself
        return False
    return all([mallopt(parameter, value) for parameter, value in settings])
