"""`PromptEmbedding`: a prompt's text embedding, and the captions of the training that are nearest to it.

C known captions, E width of a text vector.
"""

from dataclasses import dataclass, field
from typing import Self

import numpy as np

from painting.files.known_captions import KnownCaptions, cosine_similarities, vector_length
from painting.images import FloatArray

NEAREST_COUNT = 3


@dataclass(frozen=True)
class NearCaption:
    """A caption of the training, and its cosine similarity to a prompt."""

    caption: str
    similarity: float


@dataclass(frozen=True)
class PromptEmbedding:
    """The text embedding of a prompt.

    `prompt`: normalised. `vector`: float32 (E,), of length 1, as the text encoder gives it; the generator's input is
    standardised by the captions of the training. `tokens`: of the text that is encoded. `nearest`: the most similar
    captions first; empty where the painter's file holds none.
    """

    prompt: str
    vector: FloatArray = field(repr=False, compare=False)
    tokens: int
    nearest: tuple[NearCaption, ...]

    @classmethod
    def of(cls, prompt: str, raw_vector: FloatArray, tokens: int, known: KnownCaptions | None) -> Self:
        """The embedding of a prompt whose raw text vector is (E,), of any length."""
        vector: FloatArray = (raw_vector / vector_length(raw_vector)).astype(np.float32)
        return cls(prompt, vector, tokens, _nearest(raw_vector, known) if known else ())


def _nearest(vector: FloatArray, known: KnownCaptions) -> tuple[NearCaption, ...]:
    """The known captions that are most similar to a vector (E,) of any length."""
    cosines = cosine_similarities(vector, known.caption_directions)  # (C,)
    order = np.argsort(-cosines, kind="stable")[:NEAREST_COUNT]
    return tuple(NearCaption(known.captions[row], round(float(cosines[row]), 4)) for row in order)
