from dataclasses import replace

import pytest
from tests.evaluation.report.conftest import figure

from painting.errors import InvalidRequest
from painting.evaluation.figure import Figure
from painting.evaluation.metrics.kid import KID_METRIC
from painting.evaluation.metrics.memorization import C_T_METRIC, MEMORIZATION_RATE_METRIC
from painting.evaluation.report.model_selection import ranked, selection_lines
from painting.evaluation.report.schema import EvaluationReport, PainterReport


def evaluated(kid: float, c_t: float, closer: float, spread: float | None = None) -> tuple[Figure, ...]:
    return (
        figure(KID_METRIC, kid, "validation", spread=spread),
        figure(C_T_METRIC, c_t, "validation"),
        figure(MEMORIZATION_RATE_METRIC, closer, "validation"),
        # What is best on training prompts says nothing.
        figure(KID_METRIC, 100 - kid, "train"),
        figure(C_T_METRIC, 0.0, "train"),
    )


def choose(report: EvaluationReport, painter: PainterReport, **candidates: tuple[Figure, ...]) -> EvaluationReport:
    return replace(
        report, painters=tuple(replace(painter, name=name, figures=figures) for name, figures in candidates.items())
    )


def test_the_painter_of_the_least_kid_on_held_out_pictures_is_named(
    report: EvaluationReport, painter_report: PainterReport
) -> None:
    found = choose(report, painter_report, early=evaluated(9.5, 1, 0.01), late=evaluated(4.25, -1, 0.012))
    assert [candidate.name for candidate in ranked(found)] == ["late", "early"]
    assert selection_lines(found) == [
        "late: KID ×1000 4.25, C_T -1.00, memorization rate 1.2%",
        "early: KID ×1000 9.50, C_T 1.00, memorization rate 1.0%",
        "The best is late, by 1,002 validation pictures.",
    ]


def test_a_painter_that_memorizes_is_passed_over_however_near_it_is(
    report: EvaluationReport, painter_report: PainterReport
) -> None:
    copies, honest = evaluated(0.1, -9, 0.4), evaluated(6, 0, 0.01)
    lines = selection_lines(choose(report, painter_report, copyist=copies, honest=honest))
    assert lines[-1].startswith("The best is honest") and lines[1].endswith("passed over, it copies training pictures")
    alone = selection_lines(choose(report, painter_report, copyist=copies))
    assert alone[-1] == "None selected: each of them copies training pictures."


def test_a_difference_of_chance_is_said(report: EvaluationReport, painter_report: PainterReport) -> None:
    near = choose(report, painter_report, one=evaluated(4, 0, 0.01, 0.5), two=evaluated(5, 0, 0.01, 0.5))
    assert selection_lines(near)[-1].endswith("; by chance it could be two.")
    far = choose(report, painter_report, one=evaluated(4, 0, 0.01, 0.5), two=evaluated(6, 0, 0.01, 0.5))
    assert selection_lines(far)[-1] == "The best is one, by 1,002 validation pictures."


def test_too_few_pictures_to_select_by_are_an_error(report: EvaluationReport) -> None:
    with pytest.raises(InvalidRequest, match="too few pictures to select by"):
        ranked(report)
