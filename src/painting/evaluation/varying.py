"""Whether pictures differ as real ones do, as figures: within a class, and at one prompt. Letters as in `compare`."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from painting.data.picture_set import IntArray
from painting.evaluation import diversity, ms_ssim
from painting.evaluation.extractor import Extractor
from painting.evaluation.figure import Figure
from painting.evaluation.looking import PicturesOf
from painting.evaluation.requests import Request
from painting.evaluation.rows import Rows

PAIRS = 400
MEMBERS = 10
"""A field with fewer pictures for each of its values names pictures, not classes."""
BATCH = 100


def class_fields(requests: Sequence[Request]) -> list[str]:
    """The fields that sort pictures into classes of ten and more, the one with the most values first."""
    fields = sorted({field for request in requests for field in request.labels})
    kinds = {field: len({request.labels.get(field) for request in requests}) for field in fields}
    sorting = [field for field in fields if kinds[field] * MEMBERS <= len(requests)]
    return sorted(sorting, key=lambda field: -kinds[field])


def similarity_figure(painted: PicturesOf, real: PicturesOf, requests: Sequence[Request], split: str) -> Figure | None:
    """MS-SSIM of pairs of the same class, painted beside real; None where pictures are too small or all alone.

    `painted` and `real` give the pictures of these requests' places.
    """
    field = next(iter(class_fields(requests)), "")
    pairs = pairs_within([request.labels.get(field, "") for request in requests])
    if not len(pairs) or painted(pairs[:1, 0]).shape[1] < ms_ssim.SMALLEST:
        return None
    of_painted, of_real = (mean_similarity(pictures, pairs) for pictures in (painted, real))
    return Figure(
        name=ms_ssim.NAME,
        value=of_painted,
        real=of_real,
        n=len(pairs),
        extractor="pixels",
        split=split,
        better="like real",
        protocol=f"The mean multi-scale structural similarity of {len(pairs)} pairs of pictures of one "
        f"{field or 'split'}, drawn at random; real: of the real pictures that these prompts came from.",
    )


def pairs_within(classes: Sequence[str], count: int = PAIRS, seed: int = 0) -> IntArray:
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
    parts: list[NDArray[np.float64]] = [
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


def diversity_figure(
    extractor: Extractor, painted: Rows, asked: Sequence[Request], real: Rows, requests: Sequence[Request]
) -> Figure:
    """How far pictures of one prompt differ, beside real pictures of the same labels (or all of them)."""
    fields = class_fields(requests)
    labels = [tuple(request.labels.get(field, "") for field in fields) for request in requests]
    alike = "with the same labels"
    if not asked[0].prompt or not diversity.diversity(real, labels):
        labels, alike = [("",)] * len(requests), "at all"
    groups = [request.prompt for request in asked]
    prompts = len(set(groups))
    return Figure(
        name=diversity.NAME,
        value=diversity.diversity(painted, groups),
        real=diversity.diversity(real, labels),
        n=len(asked),
        extractor=extractor.name,
        split="test",
        better="like real",
        protocol=f"{prompts} test prompts, {len(asked) // prompts} pictures each: the mean distance of two pictures "
        f"of one prompt; real: of two real pictures {alike}.",
    )
