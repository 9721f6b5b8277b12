"""Whether pictures differ as real ones do, as figures: within a class, and at one prompt. Letters as in `compare`."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from painting.data.picture_set import IntArray
from painting.evaluation.feature_cache import PicturesOf
from painting.evaluation.figure import Figure, Metric
from painting.evaluation.label_matching import sorting_fields
from painting.evaluation.metrics import diversity, ms_ssim
from painting.evaluation.prompts import Request

ValuesOf = Callable[[IntArray], NDArray[Any]]
"""The features or the pixels of pictures by their places."""

PAIRS = 600
BATCH = 100


@dataclass(frozen=True)
class Shown:
    """What pictures show, by their places: features or pixels, and what each was asked for, or its real picture is."""

    of: ValuesOf
    requests: Sequence[Request]


def class_fields(requests: Sequence[Request]) -> list[str]:
    """The fields that sort pictures into classes of ten and more, the one with the most values first."""
    return sorting_fields([request.labels for request in requests])


def similarity_figure(
    painted: PicturesOf, real: PicturesOf, requests: Sequence[Request], split: str, seed: int
) -> Figure | None:
    """MS-SSIM of pairs of the same class, painted beside real; None where pictures are too small or all alone.

    `painted` and `real` give the pictures of these requests' places; `seed` is that of the first painted one.
    """
    # What is painted without a prompt has no class that anybody asked for.
    field = next(iter(class_fields(requests)), "") if requests[0].prompt else ""
    pairs = pairs_within([request.labels.get(field, "") for request in requests])
    whose = f"of {f'one {field}' if field else 'any kind'}, drawn at random; real: of the same pairs of real pictures"
    return _similarity(ms_ssim.WITHIN_CLASS_METRIC, (painted, pairs), (real, pairs), split, seed, whose)


def prompt_similarity_figure(painted: Shown, real: Shown, split: str, seed: int) -> Figure | None:
    """MS-SSIM of pairs painted of one prompt, beside real pairs that share labels; None without prompts, and where
    pictures are too small.

    `painted` and `real` give pictures; `seed` is that of the first painted one.
    """
    if not painted.requests[0].prompt:
        return None
    groups, alike = alike_by_labels(real.requests)
    pairs, real_pairs = pairs_within([request.prompt for request in painted.requests]), pairs_within(groups)
    whose = f"of one prompt; real: of {len(real_pairs)} pairs of real pictures {alike}"
    return _similarity(ms_ssim.PER_PROMPT_METRIC, (painted.of, pairs), (real.of, real_pairs), split, seed, whose)


def _similarity(
    metric: Metric,
    painted: tuple[PicturesOf, IntArray],
    real: tuple[PicturesOf, IntArray],
    split: str,
    seed: int,
    whose: str,
) -> Figure | None:
    """The mean MS-SSIM of pairs (n, 2) of pictures beside that of real ones."""
    (pictures, pairs), (_, real_pairs) = painted, real
    if not (len(pairs) and len(real_pairs)) or pictures(pairs[:1, 0]).shape[1] < ms_ssim.SMALLEST:
        return None
    return Figure(
        metric=metric,
        value=mean_similarity(*painted),
        real=mean_similarity(*real),
        n=len(pairs),
        extractor="pixels",
        split=split,
        seed=seed,
        protocol=f"The mean multi-scale structural similarity of {len(pairs)} pairs of pictures {whose}.",
    )


def pairs_within(classes: Sequence[Hashable], count: int = PAIRS, seed: int = 0) -> IntArray:
    """About `count` pairs of different places of the same class: (n, 2); each class weighs as its places."""
    draws = np.random.default_rng(seed)
    pairs = []
    for places in diversity.members(classes).values():
        wanted = round(count * len(places) / len(classes))
        if len(places) > 1 and wanted:
            one = draws.integers(0, len(places), wanted)
            other = (one + draws.integers(1, len(places), wanted)) % len(places)
            pairs.append(np.stack([places[one], places[other]], axis=1))
    return np.concatenate(pairs) if pairs else np.zeros((0, 2), np.int64)


def mean_similarity(pictures: PicturesOf, pairs: IntArray) -> float:
    """The mean MS-SSIM of pairs (n, 2) of pictures."""
    parts = [
        ms_ssim.ms_ssim(pictures(pairs[start : start + BATCH, 0]), pictures(pairs[start : start + BATCH, 1]))
        for start in range(0, len(pairs), BATCH)
    ]
    return float(np.concatenate(parts).mean())


def latent_requests(requests: Sequence[Request]) -> list[Request]:
    """Some prompts, evenly spread, several times each; without prompts, no prompt as many times."""
    prompted = {request.prompt: request for request in requests}
    some = list(prompted.values())
    places = np.linspace(0, len(some), min(diversity.PROMPTS, len(some)), endpoint=False).astype(int)
    times = diversity.PICTURES * diversity.PROMPTS // len(places)
    return [some[place] for place in places for _ in range(times)]


def alike_by_labels(requests: Sequence[Request]) -> tuple[list[tuple[str, ...]], str]:
    """Groups of pictures that share as many labels as leave at least half of them company, and words for them."""
    fields = class_fields(requests)
    for many in range(len(fields), 0, -1):
        groups = [tuple(request.labels.get(field, "") for field in fields[:many]) for request in requests]
        if sum(len(rows) for rows in diversity.members(groups).values() if len(rows) > 1) * 2 >= len(requests):
            return groups, f"of the same {' and '.join(fields[:many])}"
    return [("",)] * len(requests), "at all"


def diversity_figure(looker: str, painted: Shown, real: Shown, split: str, seed: int) -> Figure:
    """How far pictures of one prompt differ, beside real pictures that share labels, or all of them.

    `looker` names what the values are of; `seed` is that of the first painted picture.
    """
    asked, requests = painted.requests, real.requests
    labels, alike = ([("",)] * len(requests), "at all") if not asked[0].prompt else alike_by_labels(requests)
    groups = [request.prompt for request in asked]
    prompts = len(set(groups))
    return Figure(
        metric=diversity.DIVERSITY_METRIC,
        value=diversity.diversity(painted.of, groups),
        real=diversity.diversity(real.of, labels),
        n=len(asked),
        extractor=looker,
        split=split,
        seed=seed,
        protocol=f"{prompts} {split} prompts, {len(asked) // prompts} pictures each: the mean distance (root mean "
        f"square) of two pictures of one prompt; real: of two real pictures {alike}.",
    )
