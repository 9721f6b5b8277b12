"""Text vectors of captions, at random with synonyms for their colours.

U captions, N of them in a batch, E width of a vector.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from painting.data.picture_set import CaptionEncoder, IntArray
from painting.data.text.synonyms import wordings
from painting.data.text.text_vectors import encode_captions
from painting.images import FloatArray
from painting.progress import TaskProgressCallback, no_progress

SYNONYM_PROBABILITY = 0.5
"""Probability that a caption that names colours comes with synonyms."""


class CaptionVectors:
    """Raw text vectors of different captions, by their indices 0 … U−1."""

    def __init__(
        self,
        captions: Sequence[str],
        encoder: CaptionEncoder,
        cache: Path,
        synonyms: bool,
        report: TaskProgressCallback = no_progress,
    ) -> None:
        """Encode the captions, or read their vectors from the cache; raises DataError where it cannot be written."""
        self.plain = encode_captions(captions, encoder, cache, report)
        """(U, E)"""
        rewordings = [wordings(caption, index) if synonyms else () for index, caption in enumerate(captions)]
        self._counts = np.array([len(texts) for texts in rewordings])
        self._starts = np.cumsum(self._counts) - self._counts
        texts = [text for texts_of_caption in rewordings for text in texts_of_caption]
        self._others = encode_captions(texts, encoder, cache, report) if texts else self.plain

    def of(self, indices: IntArray, draws: npt.NDArray[np.floating]) -> FloatArray:
        """The vectors (N, E) of captions by their indices (N,); a draw (N,) in [0, 1) picks the wording."""
        counts = self._counts[indices]
        # A draw below 1 − p keeps the caption; the rest of [0, 1) is shared evenly among its rewordings.
        wording = ((draws - (1 - SYNONYM_PROBABILITY)) / SYNONYM_PROBABILITY * counts).astype(np.int64)
        reworded = (draws >= 1 - SYNONYM_PROBABILITY) & (counts > 0)
        vectors = np.array(self.plain[indices])
        vectors[reworded] = self._others[(self._starts[indices] + wording)[reworded]]
        return vectors
