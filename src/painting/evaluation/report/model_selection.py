"""Model selection: rank painters by the sum of their ranks in KID and coverage by every extractor, memorizers last.

KID is how near the pictures are, coverage how many of the real ones are near any. Ranks have one scale whatever the
network, so that those of several add up, and no single network's preferences decide (a Borda count). Painters whose
figures differ by no more than chance are as good as each other, and the result says so.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from painting.errors import InvalidRequest
from painting.evaluation.alarms import find_faults
from painting.evaluation.figure import Figure
from painting.evaluation.metrics.kid import KID_METRIC
from painting.evaluation.metrics.precision_recall import COVERAGE_METRIC
from painting.evaluation.report.formatting import format_number
from painting.evaluation.report.schema import EvaluationReport, PainterReport

RANKED_METRICS = (KID_METRIC, COVERAGE_METRIC)
SELECTED_BY = "selected_by"
"""The setting of a report that says in words which pictures painters are selected by."""
Criterion = tuple[str, str]
"""The id of a metric, and the extractor."""


@dataclass(frozen=True)
class Candidate:
    """A painter with the figures that it is selected by; `number` counts the report's painters from 0."""

    number: int
    name: str
    figures: tuple[Figure, ...]
    rank_sum: int
    memorizes: bool

    @property
    def figures_as_json(self) -> tuple[dict[str, Any], ...]:
        """The figures for ranking.json."""
        return tuple(figure.as_dict() for figure in self.figures)


def ranked(report: EvaluationReport) -> list[Candidate]:
    """The painters of a report, best first; of equal ones the later. Raises InvalidRequest without figures for it."""
    measured = [_figures(painter) for painter in report.painters]
    common = [criterion for criterion in measured[0] if all(criterion in figures for figures in measured)]
    if not common:
        raise InvalidRequest(f"too few pictures to select by: {' '.join(report.painters[0].notes)}")
    columns = [[figures[criterion] for figures in measured] for criterion in common]
    candidates = [
        Candidate(
            number=number,
            name=painter.name,
            figures=tuple(column[number] for column in columns),
            rank_sum=sum(_rank(column[number], column) for column in columns),
            memorizes=any(finding.fault == "memorization" for finding in find_faults(_held_out(painter))),
        )
        for number, painter in enumerate(report.painters)
    ]
    return sorted(candidates, key=lambda each: (each.memorizes, each.rank_sum, -each.number))


def describe_criteria(report: EvaluationReport) -> str:
    """What painters are ranked by, in words: metrics, extractors, pictures and sets of seeds."""
    figures = ranked(report)[0].figures
    metrics = " and ".join(dict.fromkeys(figure.name for figure in figures))
    extractors = " and ".join(dict.fromkeys(figure.extractor for figure in figures))
    generations = report.settings["generations"]
    seeds = f"{generations} sets of seeds" if generations > 1 else "one set of seeds"
    return f"the sum of ranks in {metrics} by {extractors}, on {report.settings[SELECTED_BY]}, with {seeds}"


def selection_lines(report: EvaluationReport) -> list[str]:
    """The result in lines: a table, best first, and a sentence that names the best."""
    found = ranked(report)
    best = found[0]
    lines = _table(found)
    if best.memorizes:
        return [*lines, "None selected: each of them copies training pictures."]
    near = [other.name for other in found[1:] if not other.memorizes and _differ_by_chance(best, other)]
    alike = f"; by chance it could be {' or '.join(near)}" if near else ""
    return [*lines, f"The best is {best.name}, by {describe_criteria(report)}{alike}."]


def _held_out(painter: PainterReport) -> list[Figure]:
    return [figure for figure in painter.figures if figure.split not in ("train", "zero-shot")]


def _figures(painter: PainterReport) -> Mapping[Criterion, Figure]:
    figures = [figure for figure in _held_out(painter) if figure.metric in RANKED_METRICS]
    return {(figure.id, figure.extractor): figure for figure in figures}


def _rank(figure: Figure, figures: Sequence[Figure]) -> int:
    """1 for the best, 1 more for each that is better."""
    sign = 1 if figure.metric.better == "lower" else -1
    return 1 + sum(sign * other.value < sign * figure.value for other in figures)


def _differ_by_chance(one: Candidate, other: Candidate) -> bool:
    """Whether all figures of two differ by at most twice the spread of their difference over seeds."""
    pairs = zip(one.figures, other.figures, strict=True)
    return all(abs(a.value - b.value) <= 2 * math.hypot(a.spread or 0.0, b.spread or 0.0) for a, b in pairs)


def _table(candidates: Sequence[Candidate]) -> list[str]:
    """A row for each candidate, below two of headings: extractors and metrics."""
    figures = candidates[0].figures
    rows = [
        ["", "", *(figure.extractor for figure in figures)],
        ["", "rank sum", *(figure.name for figure in figures)],
        *([each.name, str(each.rank_sum), *map(_cell, each.figures), _remark(each)] for each in candidates),
    ]
    widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def _cell(figure: Figure) -> str:
    spread = f" ± {format_number(figure.spread)}" if figure.spread else ""
    return f"{format_number(figure.value)}{spread}"


def _remark(candidate: Candidate) -> str:
    return "passed over, it copies training pictures" if candidate.memorizes else ""
