"""Features or pictures of many, kept in a file and read in blocks, so that memory does not grow with their number.

N pictures, D features.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import DTypeLike, NDArray

from painting.data.picture_set import IntArray
from painting.evaluation.prompts import spread_ids
from painting.evaluation.scratch import refused

BLOCK = 1024
"""How many pictures' features are looked at together."""


class FileRows:
    """An array (N, …) in an .npy file; what is asked for is read, nothing else comes into memory.

    A memory map would be shorter, but its pages stay with the process: single rows here and there bring in all of it.
    """

    def __init__(self, path: Path) -> None:
        """Open a file that was written before; raises OSError or ValueError where it is missing or damaged."""
        found = np.load(path, mmap_mode="r")
        self.path, self._dtype, self._begin = path, found.dtype, found.offset
        self.shape: tuple[int, ...] = found.shape
        self._row_bytes = found[:1].nbytes

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: slice | IntArray) -> NDArray[Any]:
        """Some rows, by a slice without gaps or by their numbers, 0 … N − 1: (n, …)."""
        if isinstance(rows, slice):
            start, stop, _ = rows.indices(len(self))
            found = np.empty((max(stop - start, 0), *self.shape[1:]), self._dtype)
            places, parts = [start], [found]
        else:
            found = np.empty((len(rows), *self.shape[1:]), self._dtype)
            places, parts = rows.tolist(), list(found)
        with self.path.open("rb", buffering=0) as file:
            for place, part in zip(places, parts, strict=True):
                file.seek(self._begin + place * self._row_bytes)
                if part.nbytes and file.readinto(part.data) != part.nbytes:
                    raise OSError(f"'{self.path}' was cut short while it was read")
        return found


class ChosenRows:
    """Some rows in the order of their numbers (n,), as if they were all there is; read when they are asked for."""

    def __init__(self, rows: "Rows", places: IntArray) -> None:
        self._rows, self._places = rows, places
        self.shape: tuple[int, ...] = (len(places), *rows.shape[1:])

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, rows: slice | IntArray) -> NDArray[Any]:
        """Some of the chosen rows, by a slice or by their numbers among these: (n, …)."""
        return self._rows[self._places[rows]]


Rows = NDArray[np.floating[Any]] | FileRows | ChosenRows
"""Features (N, D), in memory or in a file."""


def thin(rows: Rows, most: int) -> Rows:
    """At most `most` rows, evenly spread; all of them where there are no more."""
    return rows if len(rows) <= most else ChosenRows(rows, spread_ids(len(rows), most))


def blocks(rows: Rows, size: int = BLOCK) -> Iterator[NDArray[Any]]:
    """All rows in their order, at most `size` at a time."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


class RowWriter:
    """Writes an array of this shape to an .npy file, block by block."""

    def __init__(self, path: Path, shape: tuple[int, ...], dtype: DTypeLike) -> None:
        """Start the file anew; this and the others raise CannotWrite where the disk refuses it."""
        self.path = path
        self._dtype = np.dtype(dtype)
        header = {"descr": self._dtype.str, "fortran_order": False, "shape": shape}
        with refused():
            self._file: BinaryIO = path.open("wb")
            np.lib.format.write_array_header_1_0(self._file, header)

    def add(self, rows: NDArray[Any]) -> None:
        """Write the next rows: (n, …)."""
        with refused():
            self._file.write(np.ascontiguousarray(rows, self._dtype).tobytes())

    def close(self) -> FileRows:
        """Close the file and open it for reading."""
        with refused():
            self._file.close()
        return FileRows(self.path)
