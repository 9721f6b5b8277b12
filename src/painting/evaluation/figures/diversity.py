"""Diversity as figures: MS-SSIM within class and per prompt, and the distance of pictures of one prompt.

Painted pictures stand beside real ones: of the same class, or of as many of the same labels as possible.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from painting.data.array_cache import spans
from painting.data.picture_set import IntArray
from painting.evaluation.feature_cache import PicturesOf
from painting.evaluation.figure import Figure, Metric
from painting.evaluation.label_matching import class_fields
from painting.evaluation.metrics import diversity, ms_ssim
from painting.evaluation.prompts import Request

ValuesOf = Callable[[IntArray], NDArray[Any]]
"""The features (n, D) or the pixels (n, S, S, 3) of pictures by their indices (n,)."""

PAIR_COUNT = 600
PAIR_BATCH_SIZE = 100
NO_LABELS = "at all"
"""What real pictures have in common that share no label: two real pictures at all."""


@dataclass(frozen=True)
class PromptedValues:
    """Features or pixels of pictures by index, and the prompt of each; of real pictures the prompt made from it."""

    values: ValuesOf
    requests: Sequence[Request]


@dataclass(frozen=True)
class _Pairs:
    """Pairs (n, 2) of indices, and the pictures that they are of."""

    pictures: PicturesOf
    indices: IntArray

    def ms_ssim(self) -> float:
        """The mean MS-SSIM of the pairs."""
        batches = [
            ms_ssim.ms_ssim(self.pictures(self.indices[start:stop, 0]), self.pictures(self.indices[start:stop, 1]))
            for start, stop in spans(len(self.indices), PAIR_BATCH_SIZE)
        ]
        return float(np.concatenate(batches).mean())


def ms_ssim_within_class_figure(
    painted: PicturesOf, real: PicturesOf, requests: Sequence[Request], split: str, seed: int
) -> Figure | None:
    """MS-SSIM of pairs of the same class, painted beside real; None where pictures are too small or all alone.

    `painted` and `real` give the pictures of these requests' indices; `seed` is that of the first painted one.
    """
    # Without a prompt no class was requested.
    field = next(iter(_class_fields(requests)), "") if requests[0].prompt else ""
    pairs = same_class_pairs([request.labels.get(field, "") for request in requests])
    of_class = f"one {field}" if field else "any kind"
    return _ms_ssim_figure(
        ms_ssim.WITHIN_CLASS_METRIC,
        _Pairs(painted, pairs),
        _Pairs(real, pairs),
        split,
        seed,
        f"of {of_class}, drawn at random; real: of the same pairs of real pictures",
    )


def ms_ssim_per_prompt_figure(painted: PromptedValues, real: PromptedValues, split: str, seed: int) -> Figure | None:
    """MS-SSIM of pairs of the same prompt beside real pairs that share labels; None without prompts.

    `painted` and `real` give pictures, None where they are too small; `seed` is that of the first painted one.
    """
    if not painted.requests[0].prompt:
        return None
    groups, shared = groups_by_labels(real.requests)
    real_pairs = same_class_pairs(groups)
    return _ms_ssim_figure(
        ms_ssim.PER_PROMPT_METRIC,
        _Pairs(painted.values, same_class_pairs([request.prompt for request in painted.requests])),
        _Pairs(real.values, real_pairs),
        split,
        seed,
        f"of one prompt; real: of {len(real_pairs)} pairs of real pictures {shared}",
    )


def _ms_ssim_figure(
    metric: Metric, painted: _Pairs, real: _Pairs, split: str, seed: int, description: str
) -> Figure | None:
    """The mean MS-SSIM of painted pairs beside that of real ones."""
    n = len(painted.indices)
    if not n or not len(real.indices) or painted.pictures(painted.indices[:1, 0]).shape[1] < ms_ssim.MIN_SIDE_PX:
        return None
    return Figure(
        metric=metric,
        value=painted.ms_ssim(),
        real=real.ms_ssim(),
        n=n,
        extractor="pixels",
        split=split,
        seed=seed,
        protocol=f"The mean multi-scale structural similarity of {n} pairs of pictures {description}.",
    )


def diversity_figure(extractor: str, painted: PromptedValues, real: PromptedValues, split: str, seed: int) -> Figure:
    """The mean distance of two pictures of one prompt, beside real pictures that share labels, or any.

    `extractor` names the values; `seed` is that of the first painted picture.
    """
    prompts = [request.prompt for request in painted.requests]
    groups, shared = groups_by_labels(real.requests) if prompts[0] else _one_group(real.requests)
    n = len(prompts)
    distinct = len(set(prompts))
    return Figure(
        metric=diversity.DIVERSITY_METRIC,
        value=diversity.diversity(painted.values, prompts),
        real=diversity.diversity(real.values, groups),
        n=n,
        extractor=extractor,
        split=split,
        seed=seed,
        protocol=f"{distinct} {split} prompts, {n // distinct} pictures each: the mean distance (root mean square) of "
        f"two pictures of one prompt; real: of two real pictures {shared}.",
    )


def same_class_pairs(classes: Sequence[Hashable], count: int = PAIR_COUNT, seed: int = 0) -> IntArray:
    """About `count` random pairs of different indices of the same class: (n, 2); a class has its share of the pairs."""
    random = np.random.default_rng(seed)
    pairs = []
    for indices in diversity.group_indices(classes).values():
        size = len(indices)
        wanted = round(count * size / len(classes))
        if size > 1 and wanted:
            one = random.integers(0, size, wanted)
            other = (one + random.integers(1, size, wanted)) % size
            pairs.append(np.stack([indices[one], indices[other]], axis=1))
    return np.concatenate(pairs) if pairs else np.zeros((0, 2), np.int64)


def repeated_requests(requests: Sequence[Request]) -> list[Request]:
    """Some of the prompts, evenly spaced, several times each, about as many as there are requests and at most 400.

    Without prompts, the empty one as many times.
    """
    distinct = list({request.prompt: request for request in requests}.values())
    total = diversity.PICTURES_PER_PROMPT * diversity.PROMPT_COUNT
    count = min(diversity.PROMPT_COUNT, len(distinct), max(1, len(requests) // diversity.PICTURES_PER_PROMPT))
    chosen = np.linspace(0, len(distinct), count, endpoint=False).astype(int)
    times = max(diversity.PICTURES_PER_PROMPT, min(total, len(requests)) // count)
    return [distinct[index] for index in chosen for _ in range(times)]


def groups_by_labels(requests: Sequence[Request]) -> tuple[list[tuple[str, ...]], str]:
    """A group for each picture, and the shared labels in words: of as many fields as leave most pictures company."""
    fields = _class_fields(requests)
    for count in range(len(fields), 0, -1):
        groups = [tuple(request.labels.get(field, "") for field in fields[:count]) for request in requests]
        with_company = sum(len(rows) for rows in diversity.group_indices(groups).values() if len(rows) > 1)
        if with_company * 2 >= len(requests):
            return groups, f"of the same {' and '.join(fields[:count])}"
    return _one_group(requests)


def _one_group(requests: Sequence[Request]) -> tuple[list[tuple[str, ...]], str]:
    return [("",)] * len(requests), NO_LABELS


def _class_fields(requests: Sequence[Request]) -> list[str]:
    return class_fields([request.labels for request in requests])
