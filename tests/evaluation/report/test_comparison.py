from dataclasses import replace

from tests.evaluation.report.conftest import figure

from painting.evaluation.report.comparison import ComparisonRow, ComparisonTable, comparison
from painting.evaluation.report.document import PainterReport, Report


def rows(tables: tuple[ComparisonTable, ...], title: str) -> dict[str, ComparisonRow]:
    return {row.name: row for table in tables if table.title == title for row in table.rows}


def test_the_best_of_a_row_is_marked_by_its_direction(compared: Report) -> None:
    found = rows(comparison(compared.painters), "test, seen by probe-1a2b3c4d")
    assert [cell.best for cell in found["Fréchet distance"].cells] == [True, False]
    assert [cell.best for cell in found["recall"].cells] == [True, False]
    assert found["Fréchet distance"].real == "1.71"


def test_the_one_nearest_to_real_pictures_is_best_where_that_is_the_aim(painter_report: PainterReport) -> None:
    near = replace(painter_report, figures=(figure("sharpness", 1.1, real=1.0, better="like real"),))
    far = replace(painter_report, figures=(figure("sharpness", 0.7, real=1.0, better="like real"),))
    (row,) = rows(comparison((far, near)), "test, seen by probe-1a2b3c4d").values()
    assert [cell.best for cell in row.cells] == [False, True]


def test_equal_painters_and_figures_without_direction_have_no_best(painter_report: PainterReport) -> None:
    other = replace(painter_report, figures=(figure("counted", 1.0), figure("recall", 0.5, better="higher")))
    more = replace(other, figures=(figure("counted", 2.0), figure("recall", 0.5, better="higher")))
    found = rows(comparison((other, more)), "test, seen by probe-1a2b3c4d")
    assert not any(cell.best for row in found.values() for cell in row.cells)


def test_figures_of_different_extractors_never_share_a_row(painter_report: PainterReport) -> None:
    one = replace(painter_report, figures=(figure("FID", 10, extractor="inception-v3"),))
    other = replace(painter_report, figures=(figure("FID", 5, extractor="probe-1"),))
    tables = comparison((one, other))
    assert [cell.text for cell in rows(tables, "test, seen by inception-v3")["FID"].cells] == ["10.0", ""]
    assert [cell.text for cell in rows(tables, "test, seen by probe-1")["FID"].cells] == ["", "5.00"]


def test_verdicts_and_costs_are_compared_too(compared: Report) -> None:
    tables = comparison(compared.painters)
    assert [cell.text for cell in rows(tables, "In words")["Does it ignore the prompt?"].cells] == ["yes", "yes"]
    assert [cell.text for cell in rows(tables, "Cost")["learned numbers"].cells] == ["7.93 million"] * 2
