"""How good a painter is, measured from end to end: paint, look, compare, find faults.

S is a picture's side in px, D the number of features.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from painting.data.array_cache import WriteError
from painting.data.cache import cache_write_error, default_cache
from painting.errors import InvalidRequest
from painting.evaluation.alarms import Finding, find_faults
from painting.evaluation.evaluate_split import Measured, Measuring, measure_split
from painting.evaluation.extractors.base import Extractor
from painting.evaluation.extractors.pixels import Pixels
from painting.evaluation.figure import Figure, over_seeds
from painting.evaluation.metrics.label_accuracy import LabelConfusion
from painting.evaluation.metrics.memorization import ClosestPair
from painting.evaluation.prompts import PaintedPictures, Paints, requests_of, seeds_from, spread_ids
from painting.evaluation.reference import EvaluationData, RealPictures
from painting.evaluation.scratch import scratch_folder
from painting.progress import TaskProgressCallback


@dataclass(frozen=True)
class Plan:
    """How much is painted for an evaluation."""

    pictures: int = 1000
    """For each split, but never more than it holds real ones: their numbers are always equal."""
    generations: int = 1
    """With how many sets of seeds; two and more give figures their spread."""
    first_seed: int = 0
    trained_with: str = ""
    """The id of the text encoder that the painter reads prompts with; a CLIP of this name is no independent judge."""


QUICK = Plan()
FULL = Plan(pictures=50_000, generations=5)


@dataclass(frozen=True)
class Evaluation:
    """All that was measured of one painter."""

    figures: list[Figure]
    tables: list[LabelConfusion]
    """What was read where each value was asked for; none without prompts."""
    closest: list[ClosestPair]
    """The painted test pictures that are closest to a training picture, closest first."""
    findings: list[Finding]
    notes: list[str]
    """What was not measured, and why."""


def evaluate(
    painter: Paints,
    data: EvaluationData,
    extractors: Sequence[Extractor],
    plan: Plan = QUICK,
    report: TaskProgressCallback | None = None,
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
            looking = [*extractors, Pixels()]
            measuring = Measuring(data, looking, cache, folder, report or _silent, plan.trained_with)
            turns = [
                _merged(
                    [measure_split(measuring, reals, paint_split(painter, reals, plan, turn)) for reals in data.splits]
                )
                for turn in range(plan.generations)
            ]
    except WriteError as error:
        raise cache_write_error(cache, error) from error
    first = turns[0]
    figures = over_seeds([turn.figures for turn in turns])
    return Evaluation(
        figures=figures,
        tables=[table for table in first.tables if table.prompted],
        closest=first.closest,
        findings=find_faults(figures, first.tables),
        notes=first.notes,
    )


def paint_split(painter: Paints, reals: RealPictures, plan: Plan, turn: int = 0) -> PaintedPictures:
    """The pictures that stand beside a split's real ones, not yet painted; `turn` counts the plan's sets of seeds."""
    ids = spread_ids(reals.count, plan.pictures)
    requests = requests_of(reals, ids)
    return PaintedPictures(painter, requests, seeds_from(plan.first_seed + turn * len(ids), len(ids)))


def _merged(splits: Sequence[Measured]) -> Measured:
    """One turn's splits together; the closest pairs are those of the test split."""
    return Measured(
        figures=[figure for split in splits for figure in split.figures],
        tables=[table for split in splits for table in split.tables],
        closest=splits[0].closest,
        notes=[note for split in splits for note in split.notes],
    )


def _check(data: EvaluationData) -> None:
    """Raise InvalidRequest where splits do not belong together."""
    empty = [reals.split for reals in data.splits if not reals.count]
    if empty:
        raise InvalidRequest(f"the {empty[0]} pictures are none: there is nothing to measure with")
    sizes = {reals.size for reals in data.splits}
    if len(sizes) > 1:
        raise InvalidRequest(f"the pictures have {sorted(sizes)} px a side; prepare them all at one size")
    if len({reals.conditional for reals in data.splits}) > 1:
        raise InvalidRequest("some of the real pictures have captions and others have none")


def _silent(what: str, done: int, total: int) -> None:
    """Tell nobody."""
