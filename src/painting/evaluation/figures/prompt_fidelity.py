"""Prompt fidelity as figures: label accuracy, joint label accuracy, missing modes, alignment and R-precision."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from painting.data.array_cache import Rows, RowSubset, blocks
from painting.data.picture_set import IntArray
from painting.evaluation.extractors.base import LabelPredictor, TextMatcher
from painting.evaluation.figure import Figure
from painting.evaluation.figures.distribution import FeatureSample
from painting.evaluation.metrics.alignment import (
    ALIGNMENT_METRIC,
    CLIP_SCORE_METRIC,
    DISTRACTOR_COUNT,
    R_PRECISION_METRIC,
    Alignment,
    alignment,
    normalized_gain,
)
from painting.evaluation.metrics.label_accuracy import (
    JOINT_LABEL_ACCURACY_METRIC,
    LABEL_ACCURACY_METRIC,
    MISSING_MODES_METRIC,
    MISSING_RATIO,
    LabelConfusion,
    LabelPredictions,
    accuracy,
    chance_accuracy,
    confusion_of,
)
from painting.evaluation.prompts import Request

MIN_PROMPTS = 10
"""Figures over fewer prompts would be chance."""


def label_confusions(
    classifier: LabelPredictor, sample: FeatureSample, requests: Sequence[Request]
) -> list[LabelConfusion]:
    """The confusion matrix of each field that enough prompts name."""
    painted = _predicted(classifier, sample.painted)
    real = _predicted(classifier, sample.real)
    tables = [
        confusion_of(
            LabelPredictions(
                field=field,
                values=tuple(classifier.values(field)),
                painted=painted[field],
                real=real[field],
                extractor=classifier.name,
                predictor=classifier.predictor,
            ),
            requests,
            sample.split,
        )
        for field in classifier.fields
    ]
    return [table for table in tables if table.n >= MIN_PROMPTS]


def label_figures(table: LabelConfusion, sample: FeatureSample) -> list[Figure]:
    """Label accuracy, where there were prompts, and missing modes."""
    missing = missing_modes_figure(table, sample)
    return [label_accuracy_figure(table, sample), missing] if table.prompted else [missing]


def label_accuracy_figure(table: LabelConfusion, sample: FeatureSample) -> Figure:
    """The share of painted pictures in which the classifier reads the label that the prompt names."""
    return sample.figure(
        LABEL_ACCURACY_METRIC,
        accuracy(table.painted),
        accuracy(table.real),
        f"One picture for each of {table.n} {table.split} pictures, from its first caption that names most labels: the "
        f"share in which {table.predictor} reads the {table.field} of the prompt; real: the same share on these real "
        "pictures; chance: if prompts were ignored.",
        n=table.n,
        chance=chance_accuracy(table.painted),
        fields=(table.field,),
    )


def missing_modes_figure(table: LabelConfusion, sample: FeatureSample) -> Figure:
    """The share of values that real pictures show and painted ones hardly ever."""
    return sample.figure(
        MISSING_MODES_METRIC,
        len(table.missing_values) / max(table.common_value_count, 1),
        0.0,
        f"The part of the {table.common_value_count} values of {table.field} that are read off painted pictures less "
        f"than {MISSING_RATIO} times as often as off the real pictures that their prompts came from.",
        n=table.n,
        fields=(table.field,),
    )


def joint_accuracy_figure(
    classifier: LabelPredictor, sample: FeatureSample, requests: Sequence[Request]
) -> Figure | None:
    """The share of pictures in which all labels of the prompt are read; None where few prompts name all fields.

    It measures composition, above all of zero-shot pairs: each label alone may be read often, and both hardly ever.
    """
    index = {field: {value: i for i, value in enumerate(classifier.values(field))} for field in classifier.fields}
    rows = [row for row, request in enumerate(requests) if request.prompt and _names_all(request, index)]
    if len(index) < 2 or len(rows) < MIN_PROMPTS:
        return None
    named = [requests[row].named for row in rows]
    targets = np.array([[index[field][labels[field]] for field in index] for labels in named])  # (n, fields)
    painted, real = (
        np.stack([predicted[field][rows] for field in index], axis=1)
        for predicted in (_predicted(classifier, features) for features in (sample.painted, sample.real))
    )
    fields = " and ".join(index)
    return sample.figure(
        JOINT_LABEL_ACCURACY_METRIC,
        float((painted == targets).all(axis=1).mean()),
        float((real == targets).all(axis=1).mean()),
        f"Of {len(rows)} {sample.split} prompts that name {fields}, the share of pictures in which "
        f"{classifier.predictor} reads all of them; real: the same share on these captions' real pictures; chance: if "
        "the same predictions were assigned to prompts at random.",
        n=len(rows),
        chance=_chance_of_equal_rows(targets, painted),
        fields=tuple(index),
    )


def _names_all(request: Request, index: Mapping[str, Mapping[str, int]]) -> bool:
    return all(request.named.get(field) in values for field, values in index.items())


def _chance_of_equal_rows(targets: NDArray[np.int64], predicted: NDArray[np.int64]) -> float:
    """The share of equal rows among all pairs of a row of targets and one of predictions: (n, fields) twice."""
    wanted, read = (Counter(map(tuple, rows.tolist())) for rows in (targets, predicted))
    return sum(times * read[row] for row, times in wanted.items()) / len(targets) ** 2


def _predicted(classifier: LabelPredictor, features: Rows) -> dict[str, IntArray]:
    """The index of the most probable value in each field: (N,) each."""
    probabilities = [classifier.field_probabilities(block) for block in blocks(features)]
    return {
        field: np.concatenate([part[field].argmax(axis=1) for part in probabilities]) for field in classifier.fields
    }


def alignment_figures(
    network: TextMatcher, sample: FeatureSample, requests: Sequence[Request], caution: str
) -> list[Figure]:
    """R-precision and alignment, and with CLIP the CLIP score; none where the network can encode too few prompts."""
    vectors = network.request_vectors(requests)
    rows = np.flatnonzero(vectors.any(axis=1))
    n = len(rows)
    if n < MIN_PROMPTS:
        return []
    painted, real = (
        alignment(network, RowSubset(features, rows), vectors[rows]) for features in (sample.painted, sample.real)
    )
    distractors = min(DISTRACTOR_COUNT, n - 1)
    compared = f"{n} {sample.split} prompts, each against {distractors} others'{caution}"
    return [
        *([_clip_score_figure(sample, painted, real, compared, n)] if network.kind == "clip" else []),
        sample.figure(
            R_PRECISION_METRIC,
            painted.r_precision,
            real.r_precision,
            f"{compared}: the share of pictures that their own fits best, ties shared; real: of these captions' own "
            "pictures.",
            n=n,
            chance=1 / (1 + distractors),
        ),
        sample.figure(
            ALIGNMENT_METRIC,
            normalized_gain(painted, real),
            1.0,
            f"{compared}: (own − others') / (own − others' on real pictures), means of similarity; 0: prompts do not "
            "matter, 1: as much as to real pictures.",
            n=n,
            chance=0.0,
        ),
    ]


def _clip_score_figure(sample: FeatureSample, painted: Alignment, real: Alignment, compared: str, n: int) -> Figure:
    return sample.figure(
        CLIP_SCORE_METRIC,
        100 * painted.matched,
        100 * real.matched,
        f"{compared}: 100 × the mean cosine of picture and own prompt; real: of these captions' own pictures; chance: "
        "of painted pictures and others' prompts.",
        n=n,
        chance=100 * painted.shuffled,
    )
