"""Which of several painters to take: the nearest to pictures that neither training nor the last measurement knows.

Distance alone would take the one that has learned the training pictures by heart, so whoever copies is passed over. And
painters whose distances differ by no more than chance are as good as each other, which is said.
"""

import math
from dataclasses import dataclass

from painting.errors import InvalidRequest
from painting.evaluation.alarms import find_faults
from painting.evaluation.figure import Figure
from painting.evaluation.metrics.kid import KID_METRIC
from painting.evaluation.metrics.memorization import C_T_METRIC, MEMORIZATION_RATE_METRIC
from painting.evaluation.report.formatting import told
from painting.evaluation.report.schema import EvaluationReport, PainterReport


@dataclass(frozen=True)
class Candidate:
    """A painter to choose, by one extractor's figures."""

    name: str
    distance: Figure
    c_t: Figure | None
    closer: Figure
    copies: bool

    @property
    def line(self) -> str:
        """What to say of it."""
        spread = f" ± {told(self.distance.spread)}" if self.distance.spread else ""
        c_t = f", C_T {told(self.c_t.value)}" if self.c_t else ""
        rate = f", {self.closer.name} {self.closer.value:.1%}"
        return f"{self.name}: {self.distance.name} {told(self.distance.value)}{spread}{c_t}{rate}" + (
            ": passed over, it copies training pictures" if self.copies else ""
        )


def ranked(report: EvaluationReport) -> list[Candidate]:
    """The painters of a report, those that copy last, else by KID, least first; raises InvalidRequest without KID."""
    extractor = report.extractors[0]
    candidates = [_candidate(painter, extractor) for painter in report.painters]
    return sorted(candidates, key=lambda candidate: (candidate.copies, candidate.distance.value))


def choice_told(report: EvaluationReport) -> list[str]:
    """A line for each painter, the best first, and one that names it."""
    found = ranked(report)
    best = found[0]
    lines = [candidate.line for candidate in found]
    if best.copies:
        return [*lines, "None to choose: each of them copies training pictures."]
    near = [other.name for other in found[1:] if not other.copies and _differ_by_chance(best, other)]
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
        raise InvalidRequest(f"too few pictures to choose by: {' '.join(painter.notes)}")
    return Candidate(
        name=painter.name,
        distance=by_metric[KID_METRIC],
        c_t=by_metric.get(C_T_METRIC),
        closer=by_metric[MEMORIZATION_RATE_METRIC],
        copies=any(finding.fault == "memorization" for finding in find_faults(figures)),
    )
