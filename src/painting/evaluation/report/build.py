"""Build a painter's report from its evaluation, and the whole report from those of all painters."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from painting import __version__
from painting.evaluation.evaluate import Evaluation, Plan, paint_split
from painting.evaluation.extractors.base import Extractor
from painting.evaluation.prompts import evenly_spaced_indices
from painting.evaluation.reference import RealPictures
from painting.evaluation.report.cost import cost_of
from painting.evaluation.report.painter_under_test import PainterUnderTest
from painting.evaluation.report.real_data import RealData
from painting.evaluation.report.schema import EvaluationReport, Grid, PainterReport, PartitionFacts
from painting.evaluation.report.verdicts import verdicts_of

GRID_PICTURES = 24
UNPROMPTED_GRID_PICTURES = 60


def painter_report(painter: PainterUnderTest, real: RealData, evaluation: Evaluation, plan: Plan) -> PainterReport:
    """The report of one painter; its grids are painted for it."""
    figures = tuple(evaluation.figures)
    return PainterReport(
        name=painter.name,
        sha256=painter.sha256,
        picture_size=real.data.train.size,
        conditional=painter.conditional,
        figures=figures,
        verdicts=verdicts_of(figures, evaluation.findings, painter.conditional),
        tables=tuple(evaluation.tables),
        closest=tuple(evaluation.closest),
        grids=tuple(_grid(painter, reals, plan) for reals in real.data.splits),
        cost=cost_of(painter.loaded, painter.path, painter.threads),
        notes=(*real.notes, *painter.cautions(real), *evaluation.notes),
    )


def whole_report(
    real: RealData, extractors: Sequence[Extractor], settings: dict[str, Any], painters: Sequence[PainterReport]
) -> EvaluationReport:
    """The report of all painters, made now."""
    parts = [reals for reals in (real.data.train, real.data.test, real.data.zero_shot) if reals is not None]
    return EvaluationReport(
        version=__version__,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        data=real.name,
        parts=tuple(PartitionFacts(reals.split, reals.count, reals.content_hash) for reals in parts),
        settings=settings,
        extractors=tuple(extractor.name for extractor in extractors),
        painters=tuple(painters),
    )


def _grid(painter: PainterUnderTest, reals: RealPictures, plan: Plan) -> Grid:
    """Pictures evenly spaced over those that were measured."""
    painted = paint_split(painter, reals, plan)
    count = GRID_PICTURES if painter.conditional else UNPROMPTED_GRID_PICTURES
    indices = evenly_spaced_indices(painted.count, count)
    real_ids = evenly_spaced_indices(reals.count, plan.pictures)[indices]
    return Grid(
        split=reals.split,
        prompts=tuple(painted.requests[index].prompt for index in indices) if painter.conditional else (),
        seeds=tuple(painted.seeds[index] for index in indices),
        painted=painted.pictures(indices),
        real=reals.pictures(real_ids),
    )
