"""Arrays in .npy files: written block by block and whole or not at all, read by rows without a growing memory map.

Behind an array stands its checksum, the SHA-256 of its rows and then of its header; other readers of .npy files stop
before it. N rows, n of them in a block.
"""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy_format
from numpy.typing import NDArray

from painting.atomic_file import remove, rename
from painting.data.cache import UNFINISHED_PREFIX, remove_unfinished
from painting.data.picture_set import IntArray

ROWS_PER_BLOCK = 1024
NPY_PREFIX_BYTES = 10
"""What begins an .npy file of version 1: its magic, its version, and the length of the header in the last two bytes."""
CHECKSUM_BYTES = 32
CHUNK_BYTES = 1 << 20
"""Read at once to compute a checksum."""


class WriteError(OSError):
    """The disk refuses a write: no space, no permission."""


class DamagedCacheWarning(UserWarning):
    """A file of a cache is not as it was written, and is made anew."""


@contextmanager
def write_errors() -> Iterator[None]:
    """Raise every OSError of the block as a WriteError, to distinguish it from the errors of reading."""
    try:
        yield
    except OSError as error:
        raise WriteError(*error.args) from error


def write_array(path: Path, blocks: Iterable[NDArray[Any]], *, sole_writer: bool = False) -> None:
    """Write the blocks (n, …), all of one type, as one array (N, …): all of it or, on an error, nothing.

    What killed writers left in the folder is removed: when it is a day old, or at once by a `sole_writer`, beside
    whom no other process writes into this folder. Raises WriteError, and whatever the making of a block raises.
    """
    with write_errors():
        path.parent.mkdir(parents=True, exist_ok=True)
        remove_unfinished(path.parent, at_once=sole_writer)
    unfinished = path.with_name(f"{UNFINISHED_PREFIX}{secrets.token_hex(8)}")
    try:
        # Not through a memory map: on a full disk that would kill the process.
        with write_errors():
            file = unfinished.open("xb")
        try:
            _write_blocks(file, blocks)
        finally:
            with write_errors():  # closing writes what is buffered
                file.close()
        with write_errors():
            rename(unfinished, path)
    finally:
        remove(unfinished)


def _write_blocks(file: BinaryIO, blocks: Iterable[NDArray[Any]]) -> None:
    count = 0
    header: dict[str, Any] = {}
    checksum = hashlib.sha256()
    for block in blocks:
        content = block.tobytes()
        with write_errors():
            if not header:
                header = {"descr": block.dtype.str, "fortran_order": False, "shape": (0, *block.shape[1:])}
                npy_format.write_array_header_1_0(file, header)
            file.write(content)
        checksum.update(content)
        count += len(block)
    if not header:
        raise ValueError("there is no block to write")
    # The header's padding leaves room for the number of rows, which is known only now.
    final_header = io.BytesIO()
    npy_format.write_array_header_1_0(final_header, {**header, "shape": (count, *header["shape"][1:])})
    checksum.update(final_header.getvalue())
    with write_errors():
        file.write(checksum.digest())
        file.seek(0)
        file.write(final_header.getvalue())
        file.flush()
        os.fsync(file.fileno())  # before the file's name says that it is whole


def is_intact(path: Path) -> bool:
    """Whether a file is there and holds an array as it was written; warns where it is there and does not."""
    try:
        with path.open("rb") as file:
            intact = _checksum_fits(file)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        intact = False
    if not intact:
        message = f"{path} is damaged, or of an older version, and is made anew."
        warnings.warn(message, DamagedCacheWarning, stacklevel=3)
    return intact


def _checksum_fits(file: BinaryIO) -> bool:
    """Whether the checksum at a file's end is that of its rows and header, which may hold anything until then."""
    prefix = file.read(NPY_PREFIX_BYTES)
    header = prefix + file.read(int.from_bytes(prefix[-2:], "little"))
    left = os.fstat(file.fileno()).st_size - len(header) - CHECKSUM_BYTES
    checksum = hashlib.sha256()
    while left > 0 and (chunk := file.read(min(left, CHUNK_BYTES))):
        checksum.update(chunk)
        left -= len(chunk)
    checksum.update(header)
    return file.read() == checksum.digest()


def map_array(path: Path, mode: Any = "r") -> NDArray[Any] | None:
    """The array of a file, memory-mapped in NumPy's `mode`; None where it is missing or, with a warning, damaged."""
    if not is_intact(path):
        return None
    array: NDArray[Any] = np.load(path, mmap_mode=mode)
    return array


class ArrayFile:
    """An array (N, …) in an .npy file, of which only the rows that are indexed come into memory.

    A memory map would be shorter, but its pages stay with the process: single rows here and there bring in all of it.
    """

    def __init__(self, path: Path) -> None:
        """Open a file for reading; raises OSError, ValueError or EOFError where it is missing or damaged."""
        mapped = np.load(path, mmap_mode="r")
        self.path = path
        self.shape: tuple[int, ...] = mapped.shape
        self._dtype = mapped.dtype
        self._first_byte = mapped.offset
        self._row_bytes = mapped[:1].nbytes

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: slice | IntArray) -> NDArray[Any]:
        """Some rows, by a slice without gaps or by their indices 0 … N − 1: (n, …); raises OSError."""
        if isinstance(rows, slice):
            start, stop, _ = rows.indices(len(self))
            found = np.empty((max(stop - start, 0), *self.shape[1:]), self._dtype)
            self._read([start], [found])
        else:
            found = np.empty((len(rows), *self.shape[1:]), self._dtype)
            self._read(rows.tolist(), list(found))
        return found

    def _read(self, starts: list[int], targets: list[NDArray[Any]]) -> None:
        """Fill each target with the rows from its start on."""
        with self.path.open("rb", buffering=0) as file:
            for start, target in zip(starts, targets, strict=True):
                file.seek(self._first_byte + start * self._row_bytes)
                if target.nbytes and file.readinto(target.data) != target.nbytes:
                    raise OSError(f"'{self.path}' was cut short while it was read")


class RowSubset:
    """Some rows of an array, by their indices (n,) in any order, read when they are indexed."""

    def __init__(self, rows: Rows, indices: IntArray) -> None:
        self._rows = rows
        self._indices = indices
        self.shape: tuple[int, ...] = (len(indices), *rows.shape[1:])

    def __len__(self) -> int:
        return len(self._indices)

    def __getitem__(self, rows: slice | IntArray) -> NDArray[Any]:
        """Some rows of the subset, by a slice or by their indices in it: (n, …)."""
        return self._rows[self._indices[rows]]


Rows = NDArray[np.floating[Any]] | ArrayFile | RowSubset
"""An array (N, …), in memory or in a file."""


def subsample(rows: Rows, at_most: int) -> Rows:
    """At most so many rows, evenly spread; all of them where there are no more."""
    if len(rows) <= at_most:
        return rows
    return RowSubset(rows, np.linspace(0, len(rows), at_most, endpoint=False).astype(np.int64))


def blocks(rows: Rows, size: int = ROWS_PER_BLOCK) -> Iterator[NDArray[Any]]:
    """All rows in their order, at most `size` at a time."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def spans(count: int, size: int) -> list[tuple[int, int]]:
    """The (start, stop) of each block of at most `size` of `count` rows."""
    return [(start, min(count, start + size)) for start in range(0, count, size)]
