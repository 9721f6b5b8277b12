"""A report made by hand: what a page and a file show of it is known."""

from dataclasses import replace

import numpy as np
import pytest

from painting.evaluation.figure import Figure, Metric
from painting.evaluation.metrics.frechet import FID_METRIC, FRECHET_METRIC
from painting.evaluation.metrics.label_accuracy import LABEL_ACCURACY_METRIC, LabelConfusion
from painting.evaluation.metrics.memorization import ClosestPair
from painting.evaluation.metrics.precision_recall import RECALL_METRIC
from painting.evaluation.report.schema import (
    Cost,
    EvaluationReport,
    Grid,
    PainterReport,
    PartitionFacts,
    Verdict,
)
from painting.images import UInt8Array

SIDE = 16
CLASSIFIER = "classifier-1a2b3c4d"


def noise(count: int, seed: int = 0) -> UInt8Array:
    return np.random.default_rng(seed).integers(0, 256, (count, SIDE, SIDE, 3), np.uint8)


def figure(metric: Metric, value: float, split: str = "test", **more: float | str | None) -> Figure:
    given = {"n": 1002, "extractor": CLASSIFIER, "protocol": f"How {metric.id} is measured."} | more
    fields = ("species",) if "{fields}" in metric.name else ()
    return Figure(metric=metric, value=value, split=split, fields=fields, **given)  # type: ignore[arg-type]


@pytest.fixture
def painter_report() -> PainterReport:
    figures = (
        figure(FRECHET_METRIC, 8.7538, real=1.7116, spread=0.2),
        figure(RECALL_METRIC, 0.41, real=0.62),
        figure(LABEL_ACCURACY_METRIC, 0.6228, real=0.6028, chance=0.1742),
        figure(FRECHET_METRIC, 7.9, "train", real=1.1),
        figure(FID_METRIC, 61.5, extractor="inception-v3", real=22.0),
    )
    return PainterReport(
        name="flowers",
        sha256="ab" * 32,
        picture_size=SIDE,
        conditional=True,
        figures=figures,
        verdicts=(
            Verdict("Does it copy training pictures?", "no", "No sign of copying. C_T 2.1."),
            Verdict("Does it ignore the prompt?", "yes", "The prompt is <ignored>.", "test"),
            Verdict("Is it blurred?", "not measured", "No figure that answers this was measured."),
        ),
        tables=(
            LabelConfusion(
                field="species",
                split="test",
                extractor=CLASSIFIER,
                values=("iris", "rose", "tulip"),
                painted=np.array([[0, 0, 1], [0, 8, 2], [0, 0, 0]]),
                real=np.array([[1, 0, 0], [0, 7, 3], [0, 0, 0]]),
                predictor="a classifier",
            ),
        ),
        closest=(
            ClosestPair(
                painted=noise(1)[0],
                training=noise(1, 1)[0],
                distance=0.4,
                typical=1.2,
                seed=7,
                prompt="a red rose",
                training_name="rose-1.jpg",
                extractor=CLASSIFIER,
            ),
        ),
        grids=(Grid("test", ("a red rose", 'a "white" daisy'), (0, 1), noise(2, 2), noise(2, 3)),),
        cost=Cost(7_934_797, 15_900_000, 15.25, 2, {"prior": 600_000}, 1.43, {"device": "cpu", "cores": 2}),
        notes=("clip was not measured: its weights are not here.",),
    )


@pytest.fixture
def report(painter_report: PainterReport) -> EvaluationReport:
    return EvaluationReport(
        version="0.1.0",
        made="2026-01-02T03:04:05+00:00",
        data="flowers",
        parts=(PartitionFacts("train", 3510, "cd" * 32), PartitionFacts("test", 1002, "ef" * 32)),
        settings={"pictures": 1000, "generations": 5, "first_seed": 0},
        extractors=(CLASSIFIER, "inception-v3"),
        painters=(painter_report,),
    )


@pytest.fixture
def compared(report: EvaluationReport, painter_report: PainterReport) -> EvaluationReport:
    """The same with a worse painter beside it."""
    worse = tuple(
        replace(f, value=f.value * (2 if f.metric.better == "lower" else 0.5)) for f in painter_report.figures
    )
    other = replace(painter_report, name="other", sha256="cd" * 32, figures=worse, grids=())
    return replace(report, painters=(painter_report, other))
