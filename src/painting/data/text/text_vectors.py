"""Cache of captions' text vectors, encoded once for each text encoder, and their statistics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from painting.data.array_cache import WriteError, map_array, spans, write_array
from painting.data.cache import cache_write_error, digest
from painting.data.picture_set import MIN_CAPTION_STD, CaptionEncoder
from painting.images import FloatArray
from painting.progress import TaskProgressCallback, no_progress

CAPTIONS_PER_BLOCK = 64


def encode_captions(
    captions: Sequence[str], encoder: CaptionEncoder, cache: Path, report: TaskProgressCallback = no_progress
) -> FloatArray:
    """Raw text vectors (N, E) of captions, memory-mapped from the cache; encoded first where they are missing.

    Raises DataError where the cache cannot be written.
    """
    path = cache / "text_vectors" / f"{digest(encoder.sha256, *captions)[:32]}.npy"
    vectors: FloatArray | None = map_array(path)
    if vectors is None:
        try:
            write_array(path, _encoded(captions, encoder, report))
        except WriteError as error:
            raise cache_write_error(cache, error) from error
        vectors = np.load(path, mmap_mode="r")
    return vectors


def _encoded(captions: Sequence[str], encoder: CaptionEncoder, report: TaskProgressCallback) -> Iterator[FloatArray]:
    """Blocks (n, E) of text vectors."""
    for start, stop in spans(len(captions), CAPTIONS_PER_BLOCK):
        yield encoder.encode(captions[start:stop]).astype(np.float32)
        report("encoding the captions", stop, len(captions))


def statistics(vectors: FloatArray, weights: npt.NDArray[np.float64]) -> tuple[FloatArray, FloatArray]:
    """Weighted mean and standard deviation of text vectors (U, E), each (E,); the weights (U,) sum to 1.

    The deviation is floored at MIN_CAPTION_STD.
    """
    exact = vectors.astype(np.float64)
    mean = weights @ exact
    std = np.sqrt(weights @ np.square(exact - mean))
    return mean.astype(np.float32), np.maximum(std, MIN_CAPTION_STD).astype(np.float32)
