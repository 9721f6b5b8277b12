"""Model selection: rank painters by KID on validation pictures, those that memorize last.

Distance alone would select a painter that returns training pictures. Painters whose distances differ by no more than
chance are as good as each other, and the result says so.
"""

import math
from dataclasses import dataclass

from painting.errors import InvalidRequest
from painting.evaluation.alarms import find_faults
from painting.evaluation.figure import Figure
from painting.evaluation.metrics.kid import KID_METRIC
from painting.evaluation.metrics.memorization import C_T_METRIC, MEMORIZATION_RATE_METRIC
from painting.evaluation.report.formatting import format_number
from painting.evaluation.report.schema import EvaluationReport, PainterReport


@dataclass(frozen=True)
class Candidate:
    """A painter with the figures of one extractor that it is selected by."""

    name: str
    distance: Figure
    c_t: Figure | None
    memorization_rate: Figure
    memorizes: bool

    @property
    def line(self) -> str:
        """The candidate in one line."""
        spread = f" ± {format_number(self.distance.spread)}" if self.distance.spread else ""
        c_t = f", C_T {format_number(self.c_t.value)}" if self.c_t else ""
        rate = f", {self.memorization_rate.name} {self.memorization_rate.value:.1%}"
        return f"{self.name}: {self.distance.name} {format_number(self.distance.value)}{spread}{c_t}{rate}" + (
            ": passed over, it copies training pictures" if self.memorizes else ""
        )


def ranked(report: EvaluationReport) -> list[Candidate]:
    """The painters of a report by KID, least first, those that memorize last; raises InvalidRequest without KID."""
    extractor = report.extractors[0]
    candidates = [_candidate(painter, extractor) for painter in report.painters]
    return sorted(candidates, key=lambda candidate: (candidate.memorizes, candidate.distance.value))


def selection_lines(report: EvaluationReport) -> list[str]:
    """The result in lines: one for each painter, the best first, and one that names it."""
    found = ranked(report)
    best = found[0]
    lines = [candidate.line for candidate in found]
    if best.memorizes:
        return [*lines, "None selected: each of them copies training pictures."]
    near = [other.name for other in found[1:] if not other.memorizes and _differ_by_chance(best, other)]
    alike = f"; by chance it could be {' or '.join(near)}" if near else ""
    return [*lines, f"The best is {best.name}, by {best.distance.n:,} {best.distance.split} pictures{alike}."]


def _differ_by_chance(one: Candidate, other: Candidate) -> bool:
    """Whether the distances of two differ by less than twice the spread of their difference over seeds."""
    spreads = [candidate.distance.spread or 0.0 for candidate in (one, other)]
    return abs(one.distance.value - other.distance.value) < 2 * math.hypot(*spreads)


def _candidate(painter: PainterReport, extractor: str) -> Candidate:
    figures = [f for f in painter.figures if f.split not in ("train", "zero-shot") and f.extractor == extractor]
    by_metric = {figure.metric: figure for figure in figures}
    if KID_METRIC not in by_metric or MEMORIZATION_RATE_METRIC not in by_metric:
        raise InvalidRequest(f"too few pictures to select by: {' '.join(painter.notes)}")
    return Candidate(
        name=painter.name,
        distance=by_metric[KID_METRIC],
        c_t=by_metric.get(C_T_METRIC),
        memorization_rate=by_metric[MEMORIZATION_RATE_METRIC],
        memorizes=any(finding.fault == "memorization" for finding in find_faults(figures)),
    )
