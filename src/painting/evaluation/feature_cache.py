"""Cache generated images and extractor features on disk; those of real pictures are kept between evaluations.

N pictures, S side in px, D features.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from painting.atomic_file import rename
from painting.data.array_cache import ArrayFile, WriteError, is_intact, spans, write_array, write_errors
from painting.data.cache import cache_write_error, digest
from painting.data.picture_set import IntArray
from painting.evaluation.extractors.base import Extractor
from painting.evaluation.prompts import PaintedPictures
from painting.evaluation.reference import RealPictures
from painting.evaluation.scratch import scratch_folder
from painting.images import FloatArray, UInt8Array
from painting.progress import TaskProgressCallback

BATCH_SIZE = 64

PicturesOf = Callable[[IntArray], UInt8Array]
"""The pictures of some ids (N,): uint8 (N, S, S, 3)."""


def paint_all(painted: PaintedPictures, path: Path, task: str, report: TaskProgressCallback) -> ArrayFile:
    """Paint every picture into a file: uint8 (N, S, S, 3)."""

    def batches() -> Iterator[UInt8Array]:
        for start, stop in spans(painted.count, BATCH_SIZE):
            yield painted.pictures(np.arange(start, stop))
            report(task, stop, painted.count)

    write_array(path, batches())
    return ArrayFile(path)


def write_features(
    pictures: PicturesOf, count: int, extractor: Extractor, path: Path, report: TaskProgressCallback
) -> ArrayFile:
    """Write the features of pictures 0 … count − 1 into a file: float32 (count, D)."""

    def batches() -> Iterator[FloatArray]:
        for start, stop in spans(count, BATCH_SIZE):
            yield extractor.features(pictures(np.arange(start, stop))).astype(np.float32, copy=False)
            report(f"{extractor.name} features of {path.stem}", stop, count)

    write_array(path, batches())
    return ArrayFile(path)


def real_features(reals: RealPictures, extractor: Extractor, cache: Path, report: TaskProgressCallback) -> ArrayFile:
    """The features of all real pictures of a split, from the cache or computed now and kept there.

    Their key is the hashes of data and extractor and the pictures' size. Raises DataError where the cache cannot be
    written.
    """
    key = digest("features", reals.content_hash, reals.size, reals.count, extractor.key)[:32]
    path = cache / "features" / f"{key}.npy"
    if is_intact(path):
        return ArrayFile(path)
    try:
        with scratch_folder(path.parent) as folder:
            new = folder / f"real {reals.split} pictures.npy"
            write_features(reals.pictures, reals.count, extractor, new, report)
            with write_errors():
                rename(new, path)
    except WriteError as error:
        raise cache_write_error(cache, error) from error
    return ArrayFile(path)
