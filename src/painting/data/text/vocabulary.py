"""Vocabulary of a data set: the known captions of its painter, and from which similarity on a prompt is familiar.

U captions, S of them selected, W words, R = S + W rows, E width of a text vector.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from painting.data.picture_set import CaptionEncoder, IntArray
from painting.data.text.background import BACKGROUND_PROMPTS, BACKGROUND_WORDS
from painting.data.text.synonyms import COLOR_SYNONYMS
from painting.files.known_captions import MAX_KNOWN_BYTES, MAX_KNOWN_CAPTIONS, KnownCaptions
from painting.images import FloatArray
from painting.text.words import content_words

MAX_VOCABULARY_BYTES = 48_000
MAX_WORD_VECTORS = 96  # of the most frequent words
FIELDS_BYTES = 512  # of JSON beside the texts
PROMPT_QUANTILE = 0.95
"""Of background prompts that are no nearer to the captions than the threshold."""
WORD_QUANTILE = 0.9
"""Of background words that are no nearer to captions and words than the threshold."""
HELD_OUT_QUANTILE = 0.05
"""Of captions that may be further from the nearest other caption than the threshold."""
MIN_HELD_OUT = 50
"""Captions below which their similarities to each other say nothing."""


def known_captions(captions: Sequence[str], vectors: FloatArray, encoder: CaptionEncoder) -> KnownCaptions:
    """What a painter of these different captions, with raw text vectors (U, E), knows; at most 200 kB.

    Where not all captions fit, those are selected that cover the others best. A prompt is familiar if its nearest
    caption is nearer than that of 95% of everyday prompts with a word that no caption has. In a world so wide that its
    own captions are no nearer to each other, 95% of these are familiar.
    """
    directions = _unit(vectors)  # (U, E)
    counts = Counter(word for caption in captions for word in content_words(caption))
    words = _fitting((word for word, _ in counts.most_common()), MAX_VOCABULARY_BYTES)
    synonyms = _synonyms_of(counts)
    with_vector = words[:MAX_WORD_VECTORS]
    width = directions.shape[1]
    budget = MAX_KNOWN_BYTES - FIELDS_BYTES - _json_bytes((*words, *synonyms)) - len(with_vector) * width
    selected = _selection(captions, directions, budget)
    word_vectors = encoder.encode(with_vector) if with_vector else np.zeros((0, width), np.float32)
    rows = _quantized(np.concatenate([directions[selected], _unit(word_vectors)]))  # (R, E)
    known = KnownCaptions(
        tuple(captions[index] for index in selected), words, synonyms, -1.0, -1.0, rows.tobytes(), width
    )
    return _with_thresholds(known, directions, selected, encoder)


def _synonyms_of(counts: Counter[str]) -> tuple[str, ...]:
    texts = " ".join(synonym for color, synonyms in COLOR_SYNONYMS.items() if color in counts for synonym in synonyms)
    return tuple(word for word in dict.fromkeys(content_words(texts)) if word not in counts)


def _with_thresholds(
    known: KnownCaptions, directions: FloatArray, selected: IntArray, encoder: CaptionEncoder
) -> KnownCaptions:
    """The known captions with both thresholds, measured against the rows as they are stored."""
    caption_rows = known.directions[: len(known.captions)]
    vocabulary = {*known.words, *known.synonyms}
    prompts = [text for text in BACKGROUND_PROMPTS if not vocabulary.issuperset(content_words(text))]
    words = [word for word in BACKGROUND_WORDS if word not in vocabulary]
    bounds = []
    if prompts:
        bounds.append(_quantile(_nearest(encoder.encode(prompts), caption_rows), PROMPT_QUANTILE))
    if len(directions) >= MIN_HELD_OUT:
        bounds.append(_quantile(_nearest_other(directions, caption_rows, selected), HELD_OUT_QUANTILE))
    return KnownCaptions(
        known.captions,
        known.words,
        known.synonyms,
        min(bounds, default=-1.0),
        _quantile(_nearest(encoder.encode(words), known.directions), WORD_QUANTILE) if words else -1.0,
        known.vectors,
        known.width,
    )


def _selection(captions: Sequence[str], directions: FloatArray, budget: int) -> IntArray:
    """Indices of captions whose texts and vectors fit into so many bytes: all, or a cover of them, in their order.

    Farthest-first traversal (Gonzalez 1985): each next caption is the one that is least like those before it.
    """
    width = directions.shape[1]
    sizes = [_json_bytes([caption]) + width for caption in captions]
    if sum(sizes) <= budget and len(captions) <= MAX_KNOWN_CAPTIONS:
        return np.arange(len(captions))
    chosen: list[int] = []
    index = int(np.argmax(directions @ directions.mean(axis=0)))
    similarity = np.full(len(captions), -np.inf, np.float32)  # of each caption to its nearest chosen one
    while len(chosen) < min(len(captions), MAX_KNOWN_CAPTIONS) and sizes[index] <= budget:
        chosen.append(index)
        budget -= sizes[index]
        similarity = np.maximum(similarity, directions @ directions[index])
        similarity[index] = np.inf
        index = int(np.argmin(similarity))
    return np.array(sorted(chosen))


def _nearest(vectors: FloatArray, rows: FloatArray) -> FloatArray:
    """The cosine of each vector (N, E) to its nearest row of length 1: (N,)."""
    nearest: FloatArray = (_unit(vectors) @ rows.T).max(axis=1)
    return nearest


def _nearest_other(directions: FloatArray, rows: FloatArray, selected: IntArray) -> FloatArray:
    """The cosine of each caption (U, E) to the nearest selected one (S, E) other than itself: (U,)."""
    similarities = directions @ rows.T  # (U, S)
    similarities[selected, np.arange(len(selected))] = -1
    nearest: FloatArray = similarities.max(axis=1)
    return nearest


def _quantized(directions: FloatArray) -> npt.NDArray[np.int8]:
    """Vectors (R, E) in 8 bits, each scaled to its largest entry."""
    largest = np.maximum(np.abs(directions).max(axis=1, keepdims=True), np.finfo(np.float32).tiny)
    rows: npt.NDArray[np.int8] = np.rint(127 * directions / largest).astype(np.int8)
    return rows


def _unit(vectors: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: FloatArray = (vectors / np.maximum(lengths, np.finfo(np.float32).tiny)).astype(np.float32)
    return unit


def _quantile(values: FloatArray, share: float) -> float:
    return round(float(np.clip(np.quantile(values, share), -1, 1)), 4)


def _fitting(texts: Iterable[str], most_bytes: int) -> tuple[str, ...]:
    """As many of the first texts as fit."""
    fitting = []
    for text in texts:
        most_bytes -= _json_bytes([text])
        if most_bytes < 0:
            break
        fitting.append(text)
    return tuple(fitting)


def _json_bytes(texts: Sequence[str]) -> int:
    """Bytes of texts in a JSON list."""
    return sum(len(json.dumps(text, ensure_ascii=False).encode()) + len(", ") for text in texts)
