"""Reads IDX files, the format of MNIST: a short header, then bytes; packed by gzip or not."""

import gzip
import math
import zlib
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from painting.errors import DataError
from painting.images import UInt8Array

MOST_BYTES = 1 << 30
"""The longest content that is read: more than ten times MNIST's."""
GZIP = b"\x1f\x8b"
UNSIGNED_BYTE = 8  # the code of the only kind of number that pictures and labels need
CHUNK = 1 << 20


def read_idx(path: Path, dimensions: int) -> UInt8Array:
    """Read an IDX file of unsigned bytes with so many dimensions; raises DataError.

    What the header promises is checked first, and memory is taken only for what is there.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == GZIP  # by content: browsers unpack files and leave their names
            raw.seek(0)
            if not packed:
                return _read(path, raw, dimensions)
            with gzip.open(raw) as unpacked:
                return _read(path, cast(BinaryIO, unpacked), dimensions)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"'{path}' is truncated or damaged and cannot be unpacked; fetch it again") from error
    except OSError as error:
        raise DataError(f"'{path}' cannot be read: {error.strerror or error}") from error


def _read(path: Path, file: BinaryIO, dimensions: int) -> UInt8Array:
    shape = _shape(path, file, dimensions)
    content = bytearray()
    wanted = math.prod(shape)
    while len(content) <= wanted:  # one byte more than wanted shows that there are too many
        chunk = file.read(min(CHUNK, wanted + 1 - len(content)))
        if not chunk:
            break
        content += chunk
    if len(content) != wanted:
        held = "more than these" if len(content) > wanted else f"only {len(content):,}"
        raise DataError(f"'{path}' promises {wanted:,} bytes by its header and holds {held}; fetch it again")
    return np.frombuffer(content, np.uint8).reshape(shape)


def _shape(path: Path, file: BinaryIO, dimensions: int) -> tuple[int, ...]:
    header = file.read(4 + 4 * dimensions)
    if header[:4] != bytes([0, 0, UNSIGNED_BYTE, dimensions]):
        kind = {1: "labels", 3: "pictures"}.get(dimensions, f"{dimensions} dimensions")
        raise DataError(f"'{path}' is not an IDX file of {kind} (it begins with {header[:4].hex() or 'nothing'})")
    if len(header) < 4 + 4 * dimensions:
        raise DataError(f"'{path}' ends within its header; fetch it again")
    shape = tuple(int(side) for side in np.frombuffer(header, ">u4", offset=4))
    if math.prod(shape) > MOST_BYTES:
        sides = "×".join(map(str, shape))
        raise DataError(f"'{path}' promises {sides} bytes by its header, above the {MOST_BYTES:,} that are read")
    return shape
