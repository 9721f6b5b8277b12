"""Painting once and looking once: pictures and features go to files, real features are kept between evaluations.

N pictures, S side in px, D features.
"""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from painting.data.cache import cache_write_error, digest
from painting.data.picture_set import IntArray
from painting.evaluation.array_file import FileRows, RowWriter
from painting.evaluation.extractors.base import Extractor
from painting.evaluation.prompts import PaintedPictures
from painting.evaluation.reference import RealPictures
from painting.evaluation.scratch import CannotWrite, refused, workplace
from painting.images import UInt8Array
from painting.progress import TaskProgressCallback

BATCH = 64

PicturesOf = Callable[[IntArray], UInt8Array]


def paint_all(painted: PaintedPictures, path: Path, what: str, report: TaskProgressCallback) -> FileRows:
    """Paint every picture into a file: uint8 (N, S, S, 3)."""
    writer: RowWriter | None = None
    for start in range(0, painted.count, BATCH):
        ids = np.arange(start, min(start + BATCH, painted.count))
        pictures = painted.pictures(ids)
        writer = writer or RowWriter(path, (painted.count, *pictures.shape[1:]), np.uint8)
        writer.add(pictures)
        report(what, int(ids[-1]) + 1, painted.count)
    assert writer is not None, "nothing to paint"
    return writer.close()


def look(pictures: PicturesOf, count: int, extractor: Extractor, path: Path, report: TaskProgressCallback) -> FileRows:
    """Write the features of pictures 0 … count − 1 into a file: float32 (count, D)."""
    writer = RowWriter(path, (count, extractor.width), np.float32)
    for start in range(0, count, BATCH):
        ids = np.arange(start, min(start + BATCH, count))
        writer.add(extractor.features(pictures(ids)))
        report(f"{extractor.name} looks at {path.stem}", int(ids[-1]) + 1, count)
    return writer.close()


def look_at_reals(reals: RealPictures, extractor: Extractor, cache: Path, report: TaskProgressCallback) -> FileRows:
    """The features of all real pictures of a split, from the cache or looked at now and kept there.

    They are kept by the hashes of data and extractor and by the pictures' size; raises DataError where the cache
    cannot be written.
    """
    key = digest("features", reals.content_hash, reals.size, reals.count, extractor.key)[:32]
    path = cache / "features" / f"{key}.npy"
    try:
        return FileRows(path)
    except (OSError, ValueError, EOFError):  # not there yet, or damaged
        pass
    try:
        with workplace(path.parent) as folder:
            new = folder / f"real {reals.split} pictures.npy"
            look(reals.pictures, reals.count, extractor, new, report)
            with refused():
                os.replace(new, path)
    except CannotWrite as error:
        raise cache_write_error(cache, error) from error
    return FileRows(path)
