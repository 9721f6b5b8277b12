from dataclasses import replace

import pytest
from tests.evaluation.report.conftest import CLASSIFIER, figure

from painting.errors import InvalidRequest
from painting.evaluation.figure import Figure
from painting.evaluation.metrics.kid import KID_METRIC
from painting.evaluation.metrics.memorization import C_T_METRIC, MEMORIZATION_RATE_METRIC
from painting.evaluation.metrics.precision_recall import COVERAGE_METRIC
from painting.evaluation.report.model_selection import SELECTED_BY, ranked, selection_lines
from painting.evaluation.report.schema import EvaluationReport, PainterReport

OTHER = "efficientnet-lite2"


def evaluated(
    kid: float,
    coverage: float,
    other_kid: float,
    other_coverage: float,
    spread: float | None = None,
    rate: float = 0.01,
) -> tuple[Figure, ...]:
    return (
        figure(KID_METRIC, kid, "validation", spread=spread),
        figure(COVERAGE_METRIC, coverage, "validation", spread=spread),
        figure(KID_METRIC, other_kid, "validation", extractor=OTHER, spread=spread),
        figure(COVERAGE_METRIC, other_coverage, "validation", extractor=OTHER, spread=spread),
        figure(C_T_METRIC, -9 if rate > 0.1 else 0.0, "validation"),
        figure(MEMORIZATION_RATE_METRIC, rate, "validation"),
        # What is best on training prompts says nothing.
        figure(KID_METRIC, 100 - kid, "train"),
    )


def choose(report: EvaluationReport, painter: PainterReport, **candidates: tuple[Figure, ...]) -> EvaluationReport:
    return replace(
        report,
        settings={"generations": 3, SELECTED_BY: "60 validation pictures"},
        painters=tuple(replace(painter, name=name, figures=figures) for name, figures in candidates.items()),
    )


@pytest.mark.parametrize(
    ("candidates", "order", "rank_sums"),
    [
        # The best by one network and the worst by another is behind the second best by both.
        (
            {"a": (1, 0.9, 9, 0.5), "b": (2, 0.8, 7, 0.7), "c": (3, 0.7, 8, 0.6)},
            ["b", "a", "c"],
            [6, 8, 10],
        ),
        ({"early": (5, 0.5, 5, 0.5), "late": (4, 0.6, 4, 0.6)}, ["late", "early"], [4, 8]),
        ({"early": (5, 0.5, 5, 0.5), "late": (5, 0.5, 5, 0.5)}, ["late", "early"], [4, 4]),
        ({"early": (4, 0.5, 5, 0.6), "late": (5, 0.6, 4, 0.5)}, ["late", "early"], [6, 6]),
        ({"copies": (0, 1, 0, 1, None, 0.4), "honest": (6, 0.1, 6, 0.1)}, ["honest", "copies"], [8, 4]),
    ],
)
def test_painters_are_ordered_by_the_sum_of_their_ranks_ties_by_the_later_and_copies_last(
    report: EvaluationReport,
    painter_report: PainterReport,
    candidates: dict[str, tuple[float, ...]],
    order: list[str],
    rank_sums: list[int],
) -> None:
    measured = {name: evaluated(*figures) for name, figures in candidates.items()}
    found = ranked(choose(report, painter_report, **measured))
    assert [each.name for each in found] == order
    assert [each.rank_sum for each in found] == rank_sums
    assert [list(candidates)[each.number] for each in found] == order


def test_the_result_is_a_table_and_a_sentence(report: EvaluationReport, painter_report: PainterReport) -> None:
    measured = {"early": evaluated(9.5, 0.5, 30, 0.4, 0.2), "late": evaluated(4.25, 0.75, 25.5, 0.6)}
    assert selection_lines(choose(report, painter_report, **measured)) == [
        "                 classifier-1a2b3c4d  classifier-1a2b3c4d  efficientnet-lite2  efficientnet-lite2",
        "       rank sum  KID ×1000            coverage             KID ×1000           coverage",
        "late   4         4.25                 0.750                25.5                0.600",
        "early  8         9.50 ± 0.200         0.500 ± 0.200        30.0 ± 0.200        0.400 ± 0.200",
        "The best is late, by the sum of ranks in KID ×1000 and coverage by classifier-1a2b3c4d and efficientnet-lite2"
        ", on 60 validation pictures, with 3 sets of seeds.",
    ]


def test_an_extractor_that_one_painter_lacks_is_left_out(
    report: EvaluationReport, painter_report: PainterReport
) -> None:
    whole = evaluated(4, 0.5, 9, 0.1)
    part = tuple(each for each in evaluated(5, 0.4, 1, 0.9) if each.extractor == CLASSIFIER)
    found = ranked(choose(report, painter_report, whole=whole, part=part))
    assert [(each.name, each.rank_sum) for each in found] == [("whole", 2), ("part", 4)]


def test_where_all_copy_none_is_selected(report: EvaluationReport, painter_report: PainterReport) -> None:
    lines = selection_lines(choose(report, painter_report, copyist=evaluated(0, 1, 0, 1, None, 0.4)))
    assert lines[-2].endswith("passed over, it copies training pictures")
    assert lines[-1] == "None selected: each of them copies training pictures."


@pytest.mark.parametrize(("kid", "is_chance"), [(5, True), (6, False)])
def test_a_difference_of_chance_is_said(
    report: EvaluationReport, painter_report: PainterReport, kid: float, is_chance: bool
) -> None:
    measured = {"two": evaluated(kid, 0.5, 5, 0.5, 0.5), "one": evaluated(4, 0.5, 5, 0.5, 0.5)}
    line = selection_lines(choose(report, painter_report, **measured))[-1]
    assert line.endswith("; by chance it could be two.") is is_chance


def test_too_few_pictures_to_select_by_are_an_error(report: EvaluationReport) -> None:
    with pytest.raises(InvalidRequest, match="too few pictures to select by"):
        ranked(report)
