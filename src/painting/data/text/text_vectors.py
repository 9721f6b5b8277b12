"""Captions' text vectors, encoded once for each text encoder and kept on disk."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from painting.data.picture_set import SPREAD_FLOOR, CaptionEncoder
from painting.errors import DataError
from painting.images import FloatArray


def default_cache() -> Path:
    """Where prepared data is kept: `$PAINTING_CACHE`, else `~/.cache/painting`; raises DataError without a home."""
    chosen = os.environ.get("PAINTING_CACHE")
    if chosen:
        return Path(chosen)
    try:
        return Path.home() / ".cache" / "painting"
    except RuntimeError as error:
        raise DataError("you have no home folder to keep the cache in: set PAINTING_CACHE to a folder") from error


def digest(*parts: object) -> str:
    """One hash of these parts' texts, in this order: 64 hexadecimal digits."""
    lines = "".join(f"{len(text)}:{text}\n" for text in map(str, parts))
    return hashlib.sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()


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
            raise cannot_write(cache, error) from error
        vectors = np.load(path, mmap_mode="r")
    return vectors


def cannot_write(cache: Path, error: OSError) -> DataError:
    """What to tell the user when the cache cannot be written."""
    reason = error.strerror or str(error)
    return DataError(
        f"the cache '{cache}' cannot be written ({reason}); make room or set PAINTING_CACHE to another folder"
    )


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
