"""Captions' text vectors, encoded once for each text encoder and kept on disk."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from painting.data.cache import cache_write_error, digest
from painting.data.picture_set import SPREAD_FLOOR, CaptionEncoder
from painting.images import FloatArray


def encode_captions(captions: Sequence[str], encoder: CaptionEncoder, cache: Path) -> FloatArray:
    """The captions' raw text vectors, (N, E), memory-mapped from the cache; encoded first if need be.

    Raises DataError where the cache cannot be written.
    """
    path = cache / "text_vectors" / f"{digest(encoder.sha256, *captions)[:32]}.npy"
    try:
        vectors: FloatArray = np.load(path, mmap_mode="r")
    except (OSError, ValueError, EOFError):  # not there yet, or damaged
        encoded = encoder.encode(captions).astype(np.float32)
        try:
            save_array(path, encoded)
        except OSError as error:
            raise cache_write_error(cache, error) from error
        vectors = np.load(path, mmap_mode="r")
    return vectors


def save_array(path: Path, array: npt.NDArray[np.generic]) -> None:
    """Writes an .npy file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".unfinished-")
    try:
        with os.fdopen(handle, "wb") as file:
            np.save(file, array)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def statistics(vectors: FloatArray, weights: npt.NDArray[np.float64]) -> tuple[FloatArray, FloatArray]:
    """Weighted mean and floored spread of text vectors (U, E), each (E,); weights (U,) sum to 1."""
    exact = vectors.astype(np.float64)
    mean = weights @ exact
    spread = np.sqrt(weights @ np.square(exact - mean))
    return mean.astype(np.float32), np.maximum(spread, SPREAD_FLOOR).astype(np.float32)
