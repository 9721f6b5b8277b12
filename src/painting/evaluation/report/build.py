"""From a painter and what was measured of it to its part of a report."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from painting import __version__
from painting.evaluation.evaluate import Evaluation, Plan, paint_split
from painting.evaluation.extractors.base import Extractor
from painting.evaluation.prompts import evenly_spaced_indices
from painting.evaluation.reference import RealPictures
from painting.evaluation.report.cost import cost_of
from painting.evaluation.report.real_data import RealData
from painting.evaluation.report.schema import EvaluationReport, Grid, PainterReport, PartFacts
from painting.evaluation.report.subject import Subject
from painting.evaluation.report.verdicts import verdicts_of

SHOWN, SHOWN_UNPROMPTED = 24, 60


def painter_report(subject: Subject, real: RealData, evaluation: Evaluation, plan: Plan) -> PainterReport:
    """All that is told of a painter; its grids are painted for it."""
    figures = tuple(evaluation.figures)
    return PainterReport(
        name=subject.name,
        sha256=subject.sha256,
        picture_size=real.data.train.size,
        conditional=subject.conditional,
        figures=figures,
        verdicts=verdicts_of(figures, evaluation.findings, subject.conditional),
        tables=tuple(evaluation.tables),
        closest=tuple(evaluation.closest),
        grids=tuple(_grid(subject, reals, plan) for reals in real.data.splits),
        cost=cost_of(subject.painter, subject.path, subject.threads),
        notes=(*real.notes, *subject.doubts(real), *evaluation.notes),
    )


def whole_report(
    real: RealData, extractors: Sequence[Extractor], settings: dict[str, Any], painters: Sequence[PainterReport]
) -> EvaluationReport:
    """The report of an evaluation that has just been made."""
    parts = [reals for reals in (real.data.train, real.data.test, real.data.zero_shot) if reals is not None]
    return EvaluationReport(
        version=__version__,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        data=real.name,
        parts=tuple(PartFacts(reals.split, reals.count, reals.content_hash) for reals in parts),
        settings=settings,
        extractors=tuple(extractor.name for extractor in extractors),
        painters=tuple(painters),
    )


def _grid(subject: Subject, reals: RealPictures, plan: Plan) -> Grid:
    """Pictures evenly spread over those that were measured."""
    painted = paint_split(subject, reals, plan)
    places = evenly_spaced_indices(painted.count, SHOWN if subject.conditional else SHOWN_UNPROMPTED)
    ids = evenly_spaced_indices(reals.count, plan.pictures)[places]
    return Grid(
        split=reals.split,
        prompts=tuple(painted.requests[place].prompt for place in places) if subject.conditional else (),
        seeds=tuple(painted.seeds[place] for place in places),
        painted=painted.pictures(places),
        real=reals.pictures(ids),
    )
