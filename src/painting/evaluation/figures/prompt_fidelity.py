"""Whether one split's pictures show what was asked for, as figures: labels read back, alignment, R-precision."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from painting.data.array_cache import Rows, RowSubset, blocks
from painting.evaluation.extractors.base import LabelPredictor, TextMatcher
from painting.evaluation.figure import Figure
from painting.evaluation.figures.distribution import Sample
from painting.evaluation.metrics.alignment import (
    ALIGNMENT_METRIC,
    CLIP_SCORE_METRIC,
    DISTRACTORS,
    R_PRECISION_METRIC,
    Alignment,
    alignment,
    normalised,
)
from painting.evaluation.metrics.label_accuracy import (
    JOINT_LABEL_ACCURACY_METRIC,
    LabelConfusion,
    Readings,
    label_accuracy_figure,
    missing_modes_figure,
    read_table,
)
from painting.evaluation.prompts import Request

FEWEST = 10
"""Fewer prompts tell nothing of how well prompts are followed."""


def read_tables(reader: LabelPredictor, sample: Sample, requests: Sequence[Request]) -> list[LabelConfusion]:
    """What is read in each field that enough requests ask for."""
    painted, real = _read(reader, sample.painted), _read(reader, sample.real)
    tables = [
        read_table(
            Readings(field, tuple(reader.values(field)), painted[field], real[field], reader.name, reader.predictor),
            requests,
            sample.split,
        )
        for field in reader.fields
    ]
    return [table for table in tables if table.n >= FEWEST]


def together_figure(reader: LabelPredictor, sample: Sample, requests: Sequence[Request]) -> Figure | None:
    """The share of pictures in which everything is read that the prompt names; None where few name all fields.

    What a painter has only seen apart it must show together: each label may be read often, and both hardly ever.
    """
    place = {field: {value: index for index, value in enumerate(reader.values(field))} for field in reader.fields}
    whole = [row for row, request in enumerate(requests) if request.prompt and _names_all(request, place)]
    if len(place) < 2 or len(whole) < FEWEST:
        return None
    asked = np.array([[place[field][requests[row].named[field]] for field in place] for row in whole])  # (n, fields)
    readings = (_read(reader, rows) for rows in (sample.painted, sample.real))
    painted, real = (np.stack([read[field][whole] for field in place], axis=1) for read in readings)
    fields = " and ".join(place)
    return sample.figure(
        JOINT_LABEL_ACCURACY_METRIC,
        float((painted == asked).all(axis=1).mean()),
        float((real == asked).all(axis=1).mean()),
        f"Of {len(whole)} {sample.split} prompts that name {fields}, the share of pictures in which "
        f"{reader.predictor} reads all of them; real: the same share on these captions' real "
        "pictures; chance: if the same readings were dealt out to prompts at random.",
        n=len(whole),
        chance=_by_chance(asked, painted),
        fields=tuple(place),
    )


def _names_all(request: Request, place: Mapping[str, Mapping[str, int]]) -> bool:
    return all(request.named.get(field) in values for field, values in place.items())


def _by_chance(asked: NDArray[np.int64], read: NDArray[np.int64]) -> float:
    """The share of all pairs of what is asked for and what is read, whosesoever, that are alike: (n, fields) twice."""
    wanted, shown = (Counter(map(tuple, rows.tolist())) for rows in (asked, read))
    return sum(times * shown[what] for what, times in wanted.items()) / len(asked) ** 2


def table_figures(table: LabelConfusion, seed: int) -> list[Figure]:
    """The share read back, where there were prompts, and the share of values left out."""
    missing = missing_modes_figure(table, seed)
    return [label_accuracy_figure(table, seed), missing] if table.prompted else [missing]


def alignment_figures(network: TextMatcher, sample: Sample, requests: Sequence[Request], caution: str) -> list[Figure]:
    """Alignment and R-precision, and with CLIP the CLIP score; none where too few requests can be judged."""
    vectors = network.request_vectors(requests)
    judged = np.flatnonzero(vectors.any(axis=1))
    if len(judged) < FEWEST:
        return []
    painted, real = (
        alignment(network, RowSubset(rows, judged), vectors[judged]) for rows in (sample.painted, sample.real)
    )
    n = len(judged)
    others = min(DISTRACTORS, n - 1)
    compared = f"{n} {sample.split} prompts, each against {others} others'{caution}"
    return [
        *_clip_scores(network, sample, painted, real, compared),
        sample.figure(
            R_PRECISION_METRIC,
            painted.r_precision,
            real.r_precision,
            f"{compared}: the share of pictures that their own fits best, ties shared; real: of these captions' own "
            "pictures.",
            n=n,
            chance=1 / (1 + others),
        ),
        sample.figure(
            ALIGNMENT_METRIC,
            normalised(painted, real),
            1.0,
            f"{compared}: (own − others') / (own − others' on real pictures), means of similarity; 0: prompts do not "
            "matter, 1: as much as to real pictures.",
            n=n,
            chance=0.0,
        ),
    ]


def _clip_scores(
    network: TextMatcher, sample: Sample, painted: Alignment, real: Alignment, compared: str
) -> list[Figure]:
    if network.kind != "clip":
        return []
    protocol = (
        f"{compared}: 100 × the mean cosine of picture and own prompt; real: of these captions' own pictures; chance: "
        "of painted pictures and others' prompts."
    )
    return [
        sample.figure(
            CLIP_SCORE_METRIC, 100 * painted.matched, 100 * real.matched, protocol, chance=100 * painted.shuffled
        )
    ]


def _read(reader: LabelPredictor, rows: Rows) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.int64]]]:
    """The place of the likeliest value in each field: (N,) each."""
    parts = [reader.field_probabilities(block) for block in blocks(rows)]
    return {field: np.concatenate([part[field].argmax(axis=1) for part in parts]) for field in reader.fields}
