"""Several painters side by side: a row a figure, a column a painter, the best one marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from painting.evaluation.figure import Figure
from painting.evaluation.report.formatting import large, told
from painting.evaluation.report.schema import PainterReport
from painting.images import UInt8Array

Key = tuple[str, str, str]
UNSEEN = ("test", "validation")


@dataclass(frozen=True)
class Cell:
    """What stands in a table, and whether it is the best of its row."""

    text: str
    best: bool = False


@dataclass(frozen=True)
class ComparisonRow:
    """One figure of all compared painters: `cells`, a value each, and the real pictures' value."""

    name: str
    cells: tuple[Cell, ...]
    real: str = ""


@dataclass(frozen=True)
class ComparisonTable:
    """Figures of one split and extractor, or what the painters cost; `real` heads the last column."""

    title: str
    rows: tuple[ComparisonRow, ...]
    real: str = "real"


def comparison(painters: Sequence[PainterReport]) -> tuple[ComparisonTable, ...]:
    """A table for each split and extractor, answers first and costs last."""
    found: list[dict[Key, Figure]] = [{_key(figure): figure for figure in painter.figures} for painter in painters]
    keys = dict.fromkeys(key for figures in found for key in figures)
    tables: dict[str, list[ComparisonRow]] = {}
    for key in keys:
        split, extractor, _ = key
        tables.setdefault(f"{split}, seen by {extractor}", []).append(_row([figures.get(key) for figures in found]))
    measured = tuple(ComparisonTable(title, tuple(rows)) for title, rows in tables.items())
    return (_verdicts(painters), *measured, _costs(painters))


@dataclass(frozen=True)
class SideBySide:
    """A real picture and what each painter makes of its caption by the same seed, uint8 (S, S, 3)."""

    prompt: str
    seed: int
    real: UInt8Array
    painted: tuple[UInt8Array, ...]


def side_by_side(painters: Sequence[PainterReport], at_most: int = 12) -> tuple[SideBySide, ...]:
    """The first of the grids of unseen pictures; none where they were not asked for the same, or for nothing."""
    grids = [grid for painter in painters for grid in painter.grids if grid.split in UNSEEN]
    if len(grids) < len(painters) or len({(grid.prompts, grid.seeds) for grid in grids}) != 1:
        return ()
    first = grids[0]
    return tuple(
        SideBySide(prompt, seed, first.real[place], tuple(grid.painted[place] for grid in grids))
        for place, (prompt, seed) in enumerate(list(zip(first.prompts, first.seeds, strict=False))[:at_most])
    )


def _key(figure: Figure) -> Key:
    return figure.split, figure.extractor, figure.id


def _row(figures: Sequence[Figure | None]) -> ComparisonRow:
    known = [figure for figure in figures if figure is not None]
    best = _best(known)
    real = known[0].real
    cells = tuple(Cell("") if figure is None else Cell(_with_spread(figure), figure is best) for figure in figures)
    return ComparisonRow(known[0].name, cells, "" if real is None else told(real))


def _best(figures: Sequence[Figure]) -> Figure | None:
    """The best, where it differs from the others; None where better has no direction."""
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
    return told(figure.value) if figure.spread is None else f"{told(figure.value)} ± {told(figure.spread)}"


def _verdicts(painters: Sequence[PainterReport]) -> ComparisonTable:
    questions = dict.fromkeys(verdict.question for painter in painters for verdict in painter.verdicts)
    answers = [{verdict.question: verdict.answer for verdict in painter.verdicts} for painter in painters]
    rows = [
        ComparisonRow(text, tuple(Cell(given.get(text, "").capitalize()) for given in answers)) for text in questions
    ]
    return ComparisonTable("In words", tuple(rows), "")


def _costs(painters: Sequence[PainterReport]) -> ComparisonTable:
    costs = [painter.cost for painter in painters]
    rows = {
        "learned numbers": [large(cost.parameters) for cost in costs],
        "painter file": [f"{cost.file_bytes / 1e6:.1f} MB" for cost in costs],
        "milliseconds a picture": [f"{cost.milliseconds:.1f}" for cost in costs],
        "images seen in training": [large(sum(cost.images_seen.values())) for cost in costs],
        "hours of training": ["" if cost.hours is None else f"{cost.hours:.2f}" for cost in costs],
    }
    told_rows = tuple(ComparisonRow(name, tuple(map(Cell, values))) for name, values in rows.items())
    return ComparisonTable("Cost", told_rows, "")
