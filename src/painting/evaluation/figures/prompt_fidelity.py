"""Whether one split's pictures show what was asked for, as figures: labels read back, alignment, R-precision."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from painting.evaluation.array_file import ChosenRows, Rows, blocks
from painting.evaluation.extractors.base import MatchesText, ReadsLabels
from painting.evaluation.figure import Figure
from painting.evaluation.figures.distribution import Sample
from painting.evaluation.metrics.alignment import (
    ALIGNMENT,
    CLIP_SCORE,
    DISTRACTORS,
    R_PRECISION,
    Alignment,
    alignment,
    normalised,
)
from painting.evaluation.metrics.label_accuracy import (
    Readings,
    ReadTable,
    left_out_figure,
    read_back_figure,
    read_table,
)
from painting.evaluation.prompts import Request

FEWEST = 10
"""Fewer prompts tell nothing of how well prompts are followed."""


def read_tables(reader: ReadsLabels, sample: Sample, requests: Sequence[Request]) -> list[ReadTable]:
    """What is read in each field that enough requests ask for."""
    painted, real = _read(reader, sample.painted), _read(reader, sample.real)
    tables = [
        read_table(
            Readings(field, tuple(reader.values(field)), painted[field], real[field], reader.name, reader.read_by),
            requests,
            sample.split,
        )
        for field in reader.fields
    ]
    return [table for table in tables if table.n >= FEWEST]


def together_figure(reader: ReadsLabels, sample: Sample, requests: Sequence[Request]) -> Figure | None:
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
    figure = sample.figure(
        f"{fields} read back together",
        float((painted == asked).all(axis=1).mean()),
        float((real == asked).all(axis=1).mean()),
        "higher",
        f"Of {len(whole)} {sample.split} prompts that name {fields}, the share of pictures in which "
        f"{reader.read_by} reads all of them; real: the same share on these captions' real "
        "pictures; chance: if the same readings were dealt out to prompts at random.",
    )
    return replace(figure, n=len(whole), chance=_by_chance(asked, painted))


def _names_all(request: Request, place: Mapping[str, Mapping[str, int]]) -> bool:
    return all(request.named.get(field) in values for field, values in place.items())


def _by_chance(asked: NDArray[np.int64], read: NDArray[np.int64]) -> float:
    """The share of all pairs of what is asked for and what is read, whosesoever, that are alike: (n, fields) twice."""
    wanted, shown = (Counter(map(tuple, rows.tolist())) for rows in (asked, read))
    return sum(times * shown[what] for what, times in wanted.items()) / len(asked) ** 2


def table_figures(table: ReadTable, seed: int) -> list[Figure]:
    """The share read back, where there were prompts, and the share of values left out."""
    left_out = left_out_figure(table, seed)
    return [read_back_figure(table, seed), left_out] if table.prompted else [left_out]


def alignment_figures(network: MatchesText, sample: Sample, requests: Sequence[Request], caution: str) -> list[Figure]:
    """Alignment and R-precision, and with CLIP the CLIP score; none where too few requests can be judged."""
    vectors = network.request_vectors(requests)
    judged = np.flatnonzero(vectors.any(axis=1))
    if len(judged) < FEWEST:
        return []
    painted, real = (
        alignment(network, ChosenRows(rows, judged), vectors[judged]) for rows in (sample.painted, sample.real)
    )
    told = f"{len(judged)} {sample.split} prompts, each against {min(DISTRACTORS, len(judged) - 1)} others'{caution}"
    return [
        *_scores(network, sample, painted, real, told),
        replace(
            sample.figure(
                R_PRECISION,
                painted.r_precision,
                real.r_precision,
                "higher",
                f"{told}: the share of pictures that their own fits best, ties shared; real: of these captions' "
                "own pictures.",
            ),
            chance=1 / (1 + min(DISTRACTORS, len(judged) - 1)),
            n=len(judged),
        ),
        replace(
            sample.figure(
                ALIGNMENT,
                normalised(painted, real),
                1.0,
                "higher",
                f"{told}: (own − others') / (own − others' on real pictures), means of similarity; 0: prompts do "
                "not matter, 1: as much as to real pictures.",
            ),
            chance=0.0,
            n=len(judged),
        ),
    ]


def _scores(network: MatchesText, sample: Sample, painted: Alignment, real: Alignment, told: str) -> list[Figure]:
    if network.kind != "clip":
        return []
    figure = sample.figure(
        CLIP_SCORE,
        100 * painted.matched,
        100 * real.matched,
        "higher",
        f"{told}: 100 × the mean cosine of picture and own prompt; real: of these captions' own pictures; "
        "chance: of painted pictures and others' prompts.",
    )
    return [replace(figure, chance=100 * painted.shuffled)]


def _read(reader: ReadsLabels, rows: Rows) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.int64]]]:
    """The place of the likeliest value in each field: (N,) each."""
    parts = [reader.field_probabilities(block) for block in blocks(rows)]
    return {field: np.concatenate([part[field].argmax(axis=1) for part in parts]) for field in reader.fields}
