from dataclasses import replace

from tests.evaluation.report.conftest import figure, noise

from painting.evaluation.figures.sharpness import SHARPNESS_METRIC
from painting.evaluation.metrics.frechet import FID_METRIC, FRECHET_REAL_HALVES_METRIC
from painting.evaluation.metrics.precision_recall import RECALL_METRIC
from painting.evaluation.report.comparison import ComparisonRow, ComparisonTable, comparison, side_by_side
from painting.evaluation.report.schema import EvaluationReport, PainterReport


def rows(tables: tuple[ComparisonTable, ...], title: str) -> dict[str, ComparisonRow]:
    return {row.name: row for table in tables if table.title == title for row in table.rows}


def test_the_best_of_a_row_is_marked_by_its_direction(compared: EvaluationReport) -> None:
    found = rows(comparison(compared.painters), "test, by classifier-1a2b3c4d")
    assert [cell.best for cell in found["Fréchet distance"].cells] == [True, False]
    assert [cell.best for cell in found["recall"].cells] == [True, False]
    assert found["Fréchet distance"].real == "1.71"


def test_the_one_nearest_to_real_pictures_is_best_where_that_is_the_aim(painter_report: PainterReport) -> None:
    near = replace(painter_report, figures=(figure(SHARPNESS_METRIC, 1.1, real=1.0),))
    far = replace(painter_report, figures=(figure(SHARPNESS_METRIC, 0.7, real=1.0),))
    (row,) = rows(comparison((far, near)), "test, by classifier-1a2b3c4d").values()
    assert [cell.best for cell in row.cells] == [False, True]


def test_equal_painters_and_figures_without_direction_have_no_best(painter_report: PainterReport) -> None:
    other = replace(painter_report, figures=(figure(FRECHET_REAL_HALVES_METRIC, 1.0), figure(RECALL_METRIC, 0.5)))
    more = replace(other, figures=(figure(FRECHET_REAL_HALVES_METRIC, 2.0), figure(RECALL_METRIC, 0.5)))
    found = rows(comparison((other, more)), "test, by classifier-1a2b3c4d")
    assert not any(cell.best for row in found.values() for cell in row.cells)


def test_figures_of_different_extractors_never_share_a_row(painter_report: PainterReport) -> None:
    one = replace(painter_report, figures=(figure(FID_METRIC, 10, extractor="inception-v3"),))
    other = replace(painter_report, figures=(figure(FID_METRIC, 5, extractor="classifier-1"),))
    tables = comparison((one, other))
    assert [cell.text for cell in rows(tables, "test, by inception-v3")["FID"].cells] == ["10.0", ""]
    assert [cell.text for cell in rows(tables, "test, by classifier-1")["FID"].cells] == ["", "5.00"]


def test_verdicts_and_costs_are_compared_too(compared: EvaluationReport) -> None:
    tables = comparison(compared.painters)
    assert [cell.text for cell in rows(tables, "Verdicts")["Does it ignore the prompt?"].cells] == ["Yes", "Yes"]
    assert [cell.text for cell in rows(tables, "Cost")["parameters"].cells] == ["7.93 million"] * 2


def test_pictures_of_the_same_prompt_and_seed_stand_side_by_side(painter_report: PainterReport) -> None:
    other = replace(painter_report, grids=tuple(replace(grid, painted=noise(2, 9)) for grid in painter_report.grids))
    first, second = side_by_side((painter_report, other))
    assert (first.prompt, first.seed, second.seed) == ("a red rose", 0, 1)
    assert (first.painted[0] == noise(2, 2)[0]).all() and (first.painted[1] == noise(2, 9)[0]).all()
    asked_otherwise = replace(other, grids=tuple(replace(grid, seeds=(5, 6)) for grid in other.grids))
    assert side_by_side((painter_report, asked_otherwise)) == ()
    assert side_by_side((painter_report, replace(other, grids=()))) == ()
