"""Text-image alignment and R-precision: how well pictures fit their prompts, by a network not used in training.

N pictures with a prompt each, D features, T numbers in a text vector, C = 1 + DISTRACTORS texts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from painting.data.array_cache import Rows, blocks
from painting.evaluation.extractors.base import TextMatcher
from painting.evaluation.figure import Metric
from painting.images import FloatArray

ALIGNMENT_METRIC = Metric(
    id="alignment",
    name="alignment",
    meaning="How well prompts are followed: 0 is not at all, 1 as well as real pictures follow their captions.",
    better="higher",
    faults=("ignored_prompt",),
)
R_PRECISION_METRIC = Metric(
    id="r_precision",
    name="R-precision",
    meaning="How often a picture fits its own prompt best among 99 others drawn at random.",
    better="higher",
    faults=("ignored_prompt",),
)
CLIP_SCORE_METRIC = Metric(
    id="clip_score",
    name="CLIP score",
    meaning="How well pictures fit their prompts, by CLIP.",
    better="higher",
    faults=("ignored_prompt",),
)
DISTRACTOR_COUNT = 99
"""Other prompts that a picture's own is compared with, as R-precision is reported (Xu et al. 2018)."""
BLOCK_SIZE = 256


@dataclass(frozen=True)
class Alignment:
    """Mean similarities of pictures to their own prompts and to others', and R-precision."""

    matched: float
    """Mean similarity to the own prompt."""
    shuffled: float
    """Mean similarity to other pictures' prompts."""
    r_precision: float
    """The share of pictures whose own prompt is the most similar of all C; ties share the credit."""

    @property
    def gain(self) -> float:
        """The similarity that the own prompt adds: 0 where prompts are ignored."""
        return self.matched - self.shuffled


def alignment(network: TextMatcher, features: Rows, vectors: FloatArray, seed: int = 0) -> Alignment:
    """Similarities of pictures, features (N, D), to their prompts' vectors (N, T) and to 99 others' each, N ≥ 2."""
    random = np.random.default_rng(seed)
    count = len(features)
    others = min(DISTRACTOR_COUNT, count - 1)
    matched = shuffled = best = 0.0
    for number, block in enumerate(blocks(features, BLOCK_SIZE)):
        rows = np.arange(len(block)) + number * BLOCK_SIZE
        # Steps of 1 … N − 1 from the own row, all different: never the own prompt.
        steps = np.stack([1 + random.permutation(count - 1)[:others] for _ in rows])
        texts = np.concatenate([rows[:, None], (rows[:, None] + steps) % count], axis=1)  # (n, C)
        similarities = network.similarity(block, vectors[texts]).astype(np.float64)  # (n, C)
        matched += float(similarities[:, 0].sum())
        shuffled += float(similarities[:, 1:].mean(axis=1).sum())
        best += float(_top_1_credit(similarities).sum())
    return Alignment(matched / count, shuffled / count, best / count)


def normalized_gain(generated: Alignment, real: Alignment) -> float:
    """(generated − shuffled) / (real − shuffled), each shuffled by itself: 0 without regard to prompts, 1 as real."""
    return generated.gain / real.gain if real.gain > 0 else 0.0


def _top_1_credit(similarities: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 / (number of most similar texts) where the own text, the first, is one of them, else 0: (n, C) → (n,)."""
    best = similarities == similarities.max(axis=1, keepdims=True)
    credit: NDArray[np.float64] = best[:, 0] / best.sum(axis=1)
    return credit
