"""Whether one split's pictures show what was asked for, as figures: labels read back, alignment, R-precision."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from painting.evaluation.alignment import (
    ALIGNMENT,
    CLIP_SCORE,
    DISTRACTORS,
    R_PRECISION,
    Alignment,
    alignment,
    normalised,
)
from painting.evaluation.compare import Sample
from painting.evaluation.extractor import MatchesText
from painting.evaluation.figure import Figure
from painting.evaluation.probe import Probe
from painting.evaluation.read_back import Readings, ReadTable, left_out_figure, read_back_figure, read_table
from painting.evaluation.requests import Request
from painting.evaluation.rows import ChosenRows, Rows, blocks

FEWEST = 10
"""Fewer prompts tell nothing of how well prompts are followed."""


def read_tables(probe: Probe, sample: Sample, requests: Sequence[Request]) -> list[ReadTable]:
    """What the probe reads in each field that enough requests ask for."""
    painted, real = _read(probe, sample.painted), _read(probe, sample.real)
    tables = [
        read_table(
            Readings(field, tuple(probe.values(field)), painted[field], real[field], probe.name),
            requests,
            sample.split,
        )
        for field in probe.fields
    ]
    return [table for table in tables if table.n >= FEWEST]


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


def _read(probe: Probe, rows: Rows) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.int64]]]:
    """The place of the likeliest value in each field: (N,) each."""
    parts = [probe.field_probabilities(block) for block in blocks(rows)]
    return {field: np.concatenate([part[field].argmax(axis=1) for part in parts]) for field in probe.fields}
