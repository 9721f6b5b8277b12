"""report.html: one self-contained file without scripts or network; its pictures are data URIs."""

import base64
import io
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from painting.atomic_file import write_atomic
from painting.evaluation.figure import Figure
from painting.evaluation.report.charts import bar, meter
from painting.evaluation.report.comparison import ComparisonTable, SideBySide, comparison, side_by_side
from painting.evaluation.report.formatting import format_large_number, format_number, format_percent
from painting.evaluation.report.schema import EvaluationReport, PainterReport
from painting.images import UInt8Array, to_pil

SPLIT_HEADINGS = {
    "test": "Captions of test pictures",
    "validation": "Captions of validation pictures",
    "train": "Captions of training pictures",
    "zero-shot": "Zero-shot pairs of labels",
}
UNPROMPTED_HEADINGS = {"test": "Beside test pictures", "train": "Beside training pictures"}
ANSWER_LABELS = {"no": "No", "yes": "Yes", "not measured": "Not measured"}


@dataclass(frozen=True)
class FigureGroup:
    """The figures of one split by one extractor."""

    title: str
    extractor: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class PainterSection:
    """One painter's section of the report."""

    anchor: str
    report: PainterReport
    groups: tuple[FigureGroup, ...]
    facts: tuple[tuple[str, str], ...]

    @property
    def protocols(self) -> tuple[Figure, ...]:
        """One figure for each protocol."""
        return tuple({(f.id, f.extractor, f.protocol): f for f in self.report.figures}.values())


@dataclass(frozen=True)
class ReportPage:
    """The whole report, ready for the template."""

    title: str
    lead: str
    report: EvaluationReport
    painters: tuple[PainterSection, ...]
    comparison: tuple[ComparisonTable, ...]
    side_by_side: tuple[SideBySide, ...]
    settings: tuple[tuple[str, str], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Of the painters."""
        return tuple(painter.report.name for painter in self.painters)


def write_html(path: Path, report: EvaluationReport) -> None:
    """Write report.html, whole or not at all."""
    write_atomic(path, render_html(report).encode(errors="backslashreplace"))


def render_html(report: EvaluationReport) -> str:
    """The report as HTML."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"number": format_number, "percent": format_percent, "meter": meter, "uri": picture_uri}
    template = environment.from_string(_resource("report.html.j2"))
    headings = _headings(any(painter.conditional for painter in report.painters))
    style = Markup(_resource("report.css"))
    return template.render(page=_page(report), style=style, answers=ANSWER_LABELS, headings=headings, bar=bar)


def picture_uri(picture: UInt8Array) -> str:
    """A picture (S, S, 3) as a data URI; without loss, as painted."""
    buffer = io.BytesIO()
    to_pil(picture).save(buffer, "WEBP", lossless=True, quality=50, method=4)
    return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def _page(report: EvaluationReport) -> ReportPage:
    names = [painter.name for painter in report.painters]
    sections = tuple(
        PainterSection(f"painter-{number}", painter, _groups(painter), _facts(painter))
        for number, painter in enumerate(report.painters, start=1)
    )
    return ReportPage(
        title=f"Evaluation of {names[0]}" if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]} compared",
        lead=_lead(report),
        report=report,
        painters=sections,
        comparison=comparison(report.painters) if len(names) > 1 else (),
        side_by_side=side_by_side(report.painters) if len(names) > 1 else (),
        settings=tuple((name.replace("_", " "), _setting(value)) for name, value in report.settings.items()),
    )


def _setting(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _lead(report: EvaluationReport) -> str:
    counts = ", ".join(f"{part.pictures:,} {part.split}" for part in report.parts)
    sizes = " and ".join(dict.fromkeys(f"{painter.picture_size} px" for painter in report.painters))
    return f"Measured against {report.data}: {counts} pictures, {sizes}, {report.made[:10]}."


def _groups(painter: PainterReport) -> tuple[FigureGroup, ...]:
    groups: dict[tuple[str, str], list[Figure]] = {}
    for figure in painter.figures:
        groups.setdefault((figure.split, figure.extractor), []).append(figure)
    headings = _headings(painter.conditional)
    return tuple(
        FigureGroup(headings.get(split, split), extractor, tuple(figures))
        for (split, extractor), figures in groups.items()
    )


def _headings(conditional: bool) -> dict[str, str]:
    return SPLIT_HEADINGS if conditional else SPLIT_HEADINGS | UNPROMPTED_HEADINGS


def _facts(painter: PainterReport) -> tuple[tuple[str, str], ...]:
    cost = painter.cost
    facts = [
        ("parameters", format_large_number(cost.parameters)),
        ("painter file", f"{cost.file_bytes / 1e6:.1f} MB"),
        (f"per picture, 5 at once, CPU threads: {cost.threads}", f"{cost.milliseconds:.1f} ms"),
    ]
    if cost.images_seen:
        facts.append(("images seen in training", format_large_number(sum(cost.images_seen.values()))))
    if cost.hours is not None:
        facts.append(("hours of training", f"{cost.hours:.2f}"))
    if cost.hardware:
        facts.append(("trained on", str(cost.hardware.get("device", ""))))
    return tuple((name, value) for name, value in facts if value)


def _resource(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
