"""Comparison tables of several painters: a row per figure, a column per painter, the best one marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from painting.evaluation.figure import Figure
from painting.evaluation.report.formatting import format_large_number, format_number
from painting.evaluation.report.schema import PainterReport
from painting.images import UInt8Array

FigureKey = tuple[str, str, str]
"""Split, extractor and id."""
HELD_OUT_SPLITS = ("test", "validation")


@dataclass(frozen=True)
class Cell:
    """The text of a cell, and whether it is the best of its row."""

    text: str
    best: bool = False


@dataclass(frozen=True)
class ComparisonRow:
    """One figure of all compared painters: a cell each, and the value of real pictures."""

    name: str
    cells: tuple[Cell, ...]
    real: str = ""


@dataclass(frozen=True)
class ComparisonTable:
    """Figures of one split and extractor, verdicts, or costs; `real` heads the last column."""

    title: str
    rows: tuple[ComparisonRow, ...]
    real: str = "real"


def comparison(painters: Sequence[PainterReport]) -> tuple[ComparisonTable, ...]:
    """A table for each split and extractor, verdicts first and costs last."""
    found: list[dict[FigureKey, Figure]] = [
        {_key(figure): figure for figure in painter.figures} for painter in painters
    ]
    keys = dict.fromkeys(key for figures in found for key in figures)
    tables: dict[str, list[ComparisonRow]] = {}
    for key in keys:
        split, extractor, _ = key
        tables.setdefault(f"{split}, by {extractor}", []).append(_row([figures.get(key) for figures in found]))
    evaluated = tuple(ComparisonTable(title, tuple(rows)) for title, rows in tables.items())
    return (_verdicts(painters), *evaluated, _costs(painters))


@dataclass(frozen=True)
class SideBySide:
    """A real picture and each painter's picture of its caption and the same seed, uint8 (S, S, 3)."""

    prompt: str
    seed: int
    real: UInt8Array
    painted: tuple[UInt8Array, ...]


def side_by_side(painters: Sequence[PainterReport], at_most: int = 12) -> tuple[SideBySide, ...]:
    """The first pictures of the held-out grids; none where prompts or seeds differ, or without prompts."""
    grids = [grid for painter in painters for grid in painter.grids if grid.split in HELD_OUT_SPLITS]
    if len(grids) < len(painters) or len({(grid.prompts, grid.seeds) for grid in grids}) != 1:
        return ()
    first = grids[0]
    return tuple(
        SideBySide(prompt, seed, first.real[index], tuple(grid.painted[index] for grid in grids))
        for index, (prompt, seed) in enumerate(list(zip(first.prompts, first.seeds, strict=False))[:at_most])
    )


def _key(figure: Figure) -> FigureKey:
    return figure.split, figure.extractor, figure.id


def _row(figures: Sequence[Figure | None]) -> ComparisonRow:
    known = [figure for figure in figures if figure is not None]
    best = _best(known)
    real = known[0].real
    cells = tuple(Cell("") if figure is None else Cell(_with_spread(figure), figure is best) for figure in figures)
    return ComparisonRow(known[0].name, cells, "" if real is None else format_number(real))


def _best(figures: Sequence[Figure]) -> Figure | None:
    """The best, where it differs from the others; None where the metric has no direction."""
    if len({figure.value for figure in figures}) < 2:
        return None
    match figures[0].metric.better:
        case "higher":
            return max(figures, key=lambda figure: figure.value)
        case "lower":
            return min(figures, key=lambda figure: figure.value)
        case "like real":
            near = [figure for figure in figures if figure.real is not None]
            return min(near, key=lambda figure: abs(figure.value - (figure.real or 0)), default=None)
    return None


def _with_spread(figure: Figure) -> str:
    value = format_number(figure.value)
    return value if figure.spread is None else f"{value} ± {format_number(figure.spread)}"


def _verdicts(painters: Sequence[PainterReport]) -> ComparisonTable:
    questions = dict.fromkeys(verdict.question for painter in painters for verdict in painter.verdicts)
    answers = [{verdict.question: verdict.answer for verdict in painter.verdicts} for painter in painters]
    rows = [
        ComparisonRow(text, tuple(Cell(answer.get(text, "").capitalize()) for answer in answers)) for text in questions
    ]
    return ComparisonTable("Verdicts", tuple(rows), "")


def _costs(painters: Sequence[PainterReport]) -> ComparisonTable:
    costs = [painter.cost for painter in painters]
    rows = {
        "parameters": [format_large_number(cost.parameters) for cost in costs],
        "painter file": [f"{cost.file_bytes / 1e6:.1f} MB" for cost in costs],
        "milliseconds per picture": [f"{cost.milliseconds:.1f}" for cost in costs],
        "images seen in training": [format_large_number(sum(cost.images_seen.values())) for cost in costs],
        "hours of training": ["" if cost.hours is None else f"{cost.hours:.2f}" for cost in costs],
    }
    table_rows = tuple(ComparisonRow(name, tuple(map(Cell, values))) for name, values in rows.items())
    return ComparisonTable("Cost", table_rows, "")
