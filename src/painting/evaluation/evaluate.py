"""Evaluate a painter: paint prompts, extract features, compare with real pictures, find faults.

S is a picture's side in px, D the number of features.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from painting.data.array_cache import WriteError
from painting.data.cache import cache_write_error, default_cache
from painting.errors import InvalidRequest
from painting.evaluation.alarms import Finding, find_faults
from painting.evaluation.evaluate_split import EvaluationContext, SplitEvaluation, evaluate_split
from painting.evaluation.extractors.base import Extractor
from painting.evaluation.extractors.pixels import Pixels
from painting.evaluation.figure import Figure, over_seeds
from painting.evaluation.metrics.label_accuracy import LabelConfusion
from painting.evaluation.metrics.memorization import ClosestPair
from painting.evaluation.prompts import (
    ImageGenerator,
    PaintedPictures,
    consecutive_seeds,
    evenly_spaced_indices,
    requests_of,
)
from painting.evaluation.reference import EvaluationData, RealPictures
from painting.evaluation.scratch import scratch_folder
from painting.progress import TaskProgressCallback, no_progress


@dataclass(frozen=True)
class Plan:
    """How many pictures are painted for an evaluation, and with which seeds."""

    pictures: int = 1000
    """For each split, but never more than it has real ones: both numbers are always equal."""
    generations: int = 1
    """Sets of seeds; two and more give figures their spread."""
    first_seed: int = 0
    held_out_alone: bool = False
    """Whether no training or zero-shot prompts are painted."""
    text_encoder_id: str = ""
    """Of the painter; figures by a CLIP of this name get a word of caution."""


QUICK_PLAN = Plan()
FULL_PLAN = Plan(pictures=50_000, generations=5)


@dataclass(frozen=True)
class Evaluation:
    """Everything that was measured of one painter."""

    figures: list[Figure]
    tables: list[LabelConfusion]
    """The confusion matrices of labels; none without prompts."""
    closest: list[ClosestPair]
    """The painted test pictures that are closest to a training picture, closest first."""
    findings: list[Finding]
    notes: list[str]
    """What was not measured, and why."""


def evaluate(
    painter: ImageGenerator,
    data: EvaluationData,
    extractors: Sequence[Extractor],
    plan: Plan = QUICK_PLAN,
    report: TaskProgressCallback = no_progress,
    cache: Path | None = None,
) -> Evaluation:
    """Measure a painter on every split of the data with every extractor.

    Pictures and features go to files in `cache` (default: `default_cache()`), real features stay there for the next
    time. Raises DataError where it cannot be written, InvalidRequest where painter or plan do not fit the data.
    """
    cache = cache or default_cache()
    _check(data)
    try:
        with scratch_folder(cache / "features") as folder:
            context = EvaluationContext(
                data=data,
                extractors=[*extractors, Pixels()],
                cache=cache,
                folder=folder,
                report=report,
                text_encoder_id=plan.text_encoder_id,
            )
            generations = [_evaluate_generation(context, painter, plan, number) for number in range(plan.generations)]
    except WriteError as error:
        raise cache_write_error(cache, error) from error
    first = generations[0]
    figures = over_seeds([generation.figures for generation in generations])
    return Evaluation(
        figures=figures,
        tables=[table for table in first.tables if table.prompted],
        closest=first.closest,
        findings=find_faults(figures, first.tables),
        notes=first.notes,
    )


def paint_split(painter: ImageGenerator, reals: RealPictures, plan: Plan, generation: int = 0) -> PaintedPictures:
    """The pictures that stand beside a split's real ones, not yet painted; `generation` counts the sets of seeds."""
    ids = evenly_spaced_indices(reals.count, plan.pictures)
    seeds = consecutive_seeds(plan.first_seed + generation * len(ids), len(ids))
    return PaintedPictures(painter, requests_of(reals, ids), seeds)


def _evaluate_generation(
    context: EvaluationContext, painter: ImageGenerator, plan: Plan, generation: int
) -> SplitEvaluation:
    """All splits with one set of seeds; the closest pairs are those of the held-out split."""
    painted = context.data.splits[:1] if plan.held_out_alone else context.data.splits
    splits = [evaluate_split(context, reals, paint_split(painter, reals, plan, generation)) for reals in painted]
    return SplitEvaluation(
        figures=[figure for split in splits for figure in split.figures],
        tables=[table for split in splits for table in split.tables],
        closest=splits[0].closest,
        notes=[note for split in splits for note in split.notes],
    )


def _check(data: EvaluationData) -> None:
    """Raise InvalidRequest where splits do not belong together."""
    empty = [reals.split for reals in data.splits if not reals.count]
    if empty:
        raise InvalidRequest(f"there are no {empty[0]} pictures to measure with")
    sizes = {reals.size for reals in data.splits}
    if len(sizes) > 1:
        raise InvalidRequest(f"the pictures have {sorted(sizes)} px a side; prepare them all at one size")
    if len({reals.conditional for reals in data.splits}) > 1:
        raise InvalidRequest("some of the real pictures have captions and others have none")
