"""Known captions of a painter: what its training's captions say, and their text vectors in 8 bits.

Two optional members of a painter file, by which a prompt's familiarity is measured. C captions, W words, E width of a
text vector; R rows: C captions, then as many of the words as have a vector.
"""

import json
from dataclasses import asdict, dataclass, field
from functools import cached_property

import numpy as np

from painting.errors import PainterFileError
from painting.files.json_fields import JsonFields
from painting.images import FloatArray

CAPTIONS_MEMBER = "captions.json"
VECTORS_MEMBER = "caption_vectors.int8"
MAX_KNOWN_BYTES = 200_000  # of both members
MAX_KNOWN_CAPTIONS = 4096
MAX_KNOWN_WORDS = 1 << 14


@dataclass(frozen=True)
class KnownCaptions:
    """What a painter's captions say.

    `captions`: different ones, all or a selection. `words`: the content words of all captions in lower case, most
    frequent first. `synonyms`: words of their colours' synonyms. `vectors`: int8 (R, E), row by row; only a row's
    direction counts. `min_cosine`: a prompt whose nearest caption has a smaller cosine similarity is unfamiliar.
    `min_word_cosine`: the same of a single word to its nearest row.
    """

    captions: tuple[str, ...]
    words: tuple[str, ...]
    synonyms: tuple[str, ...]
    min_cosine: float
    min_word_cosine: float
    vectors: bytes = field(repr=False)
    width: int

    @cached_property
    def directions(self) -> FloatArray:
        """The rows as vectors of length 1: float32 (R, E)."""
        rows = np.frombuffer(self.vectors, np.int8).reshape(-1, self.width).astype(np.float32)
        unit: FloatArray = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit

    @property
    def caption_directions(self) -> FloatArray:
        """The captions' rows as vectors of length 1: float32 (C, E)."""
        return self.directions[: len(self.captions)]

    def members(self) -> dict[str, bytes]:
        """Both members' bytes by name, equal for equal captions."""
        fields = {name: value for name, value in asdict(self).items() if name not in ("vectors", "width")}
        return {
            CAPTIONS_MEMBER: json.dumps(fields, sort_keys=True, ensure_ascii=False, allow_nan=False).encode(),
            VECTORS_MEMBER: self.vectors,
        }

    @classmethod
    def from_members(cls, members: dict[str, bytes], width: int | None) -> "KnownCaptions":
        """Read both members of a painter with text vectors of `width`; raises PainterFileError for any flaw."""
        size = sum(map(len, members.values()))
        if size > MAX_KNOWN_BYTES:
            raise PainterFileError(f"its captions take {size} bytes; {MAX_KNOWN_BYTES} are the most")
        if width is None:
            raise PainterFileError(f"it takes no prompt, but has {CAPTIONS_MEMBER}")
        fields = JsonFields(members[CAPTIONS_MEMBER], CAPTIONS_MEMBER, PainterFileError)
        known = cls(
            captions=fields.cleaned_texts("captions", MAX_KNOWN_CAPTIONS),
            words=fields.cleaned_texts("words", MAX_KNOWN_WORDS),
            synonyms=fields.cleaned_texts("synonyms", MAX_KNOWN_WORDS),
            min_cosine=fields.number("min_cosine", -1, 1),
            min_word_cosine=fields.number("min_word_cosine", -1, 1),
            vectors=members[VECTORS_MEMBER],
            width=width,
        )
        known._check_rows()
        return known

    def _check_rows(self) -> None:
        rows, rest = divmod(len(self.vectors), self.width)
        least = len(self.captions)
        if rest or not 1 <= least <= rows <= least + len(self.words):
            raise PainterFileError(
                f"its {VECTORS_MEMBER} has {len(self.vectors)} bytes, which do not fit {least} captions and "
                f"{len(self.words)} words of {self.width} numbers"
            )
        if not np.frombuffer(self.vectors, np.int8).reshape(rows, self.width).any(axis=1).all():
            raise PainterFileError(f"its {VECTORS_MEMBER} has a row of zeros")


def cosine_similarities(vector: FloatArray, directions: FloatArray) -> FloatArray:
    """Cosine similarities (R,) of a vector (E,) to vectors of length 1 (R, E)."""
    similarities: FloatArray = directions @ vector / vector_length(vector)
    return similarities


def vector_length(vector: FloatArray) -> np.float32:
    """The length of a vector, above 0 also for zeros, to divide by."""
    length: np.float32 = np.maximum(np.linalg.norm(vector), np.finfo(np.float32).tiny)
    return length
