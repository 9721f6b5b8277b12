"""Reader of IDX files, the format of MNIST: a short header, then bytes; gzipped or not."""

import gzip
import math
import zlib
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from painting.errors import DataError
from painting.images import UInt8Array

MAX_CONTENT_BYTES = 1 << 30
"""The longest content that is read: over twenty times MNIST's."""
GZIP_MAGIC = b"\x1f\x8b"
IDX_UNSIGNED_BYTE = 8  # the code of the only element type that pictures and labels need
CHUNK_BYTES = 1 << 20


def read_idx(path: Path, dimensions: int) -> UInt8Array:
    """Read an IDX file of unsigned bytes with so many dimensions; raises DataError.

    The header is checked first, and memory is allocated only for bytes that are there.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == GZIP_MAGIC  # by content: browsers unpack files and keep their names
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
    expected = math.prod(shape)
    while len(content) <= expected:  # one byte more than expected reveals a longer file
        chunk = file.read(min(CHUNK_BYTES, expected + 1 - len(content)))
        if not chunk:
            break
        content += chunk
    if len(content) != expected:
        actual = "more" if len(content) > expected else f"only {len(content):,}"
        raise DataError(f"'{path}' announces {expected:,} bytes in its header and holds {actual}; fetch it again")
    return np.frombuffer(content, np.uint8).reshape(shape)


def _shape(path: Path, file: BinaryIO, dimensions: int) -> tuple[int, ...]:
    header = file.read(4 + 4 * dimensions)
    if header[:4] != bytes([0, 0, IDX_UNSIGNED_BYTE, dimensions]):
        kind = {1: "labels", 3: "pictures"}.get(dimensions, f"{dimensions} dimensions")
        raise DataError(f"'{path}' is not an IDX file of {kind} (it begins with {header[:4].hex() or 'nothing'})")
    if len(header) < 4 + 4 * dimensions:
        raise DataError(f"'{path}' ends within its header; fetch it again")
    shape = tuple(int(side) for side in np.frombuffer(header, ">u4", offset=4))
    if math.prod(shape) > MAX_CONTENT_BYTES:
        sides = "×".join(map(str, shape))
        raise DataError(f"'{path}' announces {sides} bytes in its header, above the limit of {MAX_CONTENT_BYTES:,}")
    return shape
