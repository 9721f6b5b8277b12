"""The captions' text vectors, some of the time those of other wordings.

Letters: U captions, N asked for, E width of a vector.
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

REWORDED = 0.5
"""How often a caption is said in other words, where it has any."""


class CaptionVectors:
    """Raw text vectors of different captions, by their places 0 … U−1."""

    def __init__(self, captions: Sequence[str], encoder: CaptionEncoder, cache: Path, synonyms: bool) -> None:
        """Encodes them, or takes them from the cache; raises DataError where that cannot be written."""
        self.plain = encode_captions(captions, encoder, cache)
        """(U, E)"""
        others = [wordings(caption, place) if synonyms else () for place, caption in enumerate(captions)]
        self._counts = np.array([len(texts) for texts in others])
        self._starts = np.cumsum(self._counts) - self._counts
        texts = [text for some in others for text in some]
        self._others = encode_captions(texts, encoder, cache) if texts else self.plain

    def of(self, places: IntArray, draws: npt.NDArray[np.floating]) -> FloatArray:
        """The vectors of captions at places (N,), (N, E); a draw (N,) in [0, 1) picks the wording."""
        counts = self._counts[places]
        wording = ((draws - (1 - REWORDED)) / REWORDED * counts).astype(np.int64)
        reworded = (draws >= 1 - REWORDED) & (counts > 0)
        vectors = np.array(self.plain[places])
        vectors[reworded] = self._others[(self._starts[places] + wording)[reworded]]
        return vectors
