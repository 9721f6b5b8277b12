"""report.html: one file that opens anywhere, without network or scripts; its pictures are inside."""

import base64
import io
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from painting.atomic_file import write_atomic
from painting.evaluation.figure import Figure
from painting.evaluation.report.charts import bar, meter
from painting.evaluation.report.comparison import ComparisonTable, SideBySide, comparison, side_by_side
from painting.evaluation.report.formatting import large, share, told
from painting.evaluation.report.schema import EvaluationReport, PainterReport
from painting.images import UInt8Array, to_pil

HEADINGS = {
    "test": "From captions of test pictures",
    "validation": "From captions of validation pictures",
    "train": "From captions of training pictures",
    "zero-shot": "Pairs that training never showed",
}
UNPROMPTED_HEADINGS = {"test": "Beside test pictures", "train": "Beside training pictures"}
ANSWERS = {"no": "No", "yes": "Yes", "not measured": "Not measured"}


@dataclass(frozen=True)
class Group:
    """Figures of one split, seen by one extractor."""

    title: str
    extractor: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class PainterSection:
    """A painter as the page shows it."""

    anchor: str
    report: PainterReport
    groups: tuple[Group, ...]
    facts: tuple[tuple[str, str], ...]

    @property
    def protocols(self) -> tuple[Figure, ...]:
        """One figure for each way of measuring."""
        return tuple({(f.id, f.extractor, f.protocol): f for f in self.report.figures}.values())


@dataclass(frozen=True)
class Page:
    """The whole page."""

    title: str
    lead: str
    report: EvaluationReport
    painters: tuple[PainterSection, ...]
    comparison: tuple[ComparisonTable, ...]
    side_by_side: tuple[SideBySide, ...]
    settings: tuple[tuple[str, str], ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(painter.report.name for painter in self.painters)


def write_page(path: Path, report: EvaluationReport) -> None:
    """Write report.html, whole or not at all."""
    write_atomic(path, page_of(report).encode())


def page_of(report: EvaluationReport) -> str:
    """The page as HTML."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"told": told, "share": share, "meter": meter, "uri": picture_uri}
    template = environment.from_string(_beside("page.html.j2"))
    headings = HEADINGS if any(painter.conditional for painter in report.painters) else HEADINGS | UNPROMPTED_HEADINGS
    style = Markup(_beside("page.css"))
    return template.render(page=_page(report), style=style, answers=ANSWERS, headings=headings, bar=bar)


def picture_uri(picture: UInt8Array) -> str:
    """A picture (S, S, 3) as a data URI; without loss, as painted."""
    buffer = io.BytesIO()
    to_pil(picture).save(buffer, "WEBP", lossless=True, quality=50, method=4)
    return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def _page(report: EvaluationReport) -> Page:
    names = [painter.name for painter in report.painters]
    sections = tuple(
        PainterSection(f"painter-{place}", painter, _groups(painter), _facts(painter))
        for place, painter in enumerate(report.painters, start=1)
    )
    return Page(
        title=f"How well {names[0]} paints" if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]} compared",
        lead=_lead(report),
        report=report,
        painters=sections,
        comparison=comparison(report.painters) if len(names) > 1 else (),
        side_by_side=side_by_side(report.painters) if len(names) > 1 else (),
        settings=tuple((name.replace("_", " "), str(value)) for name, value in report.settings.items()),
    )


def _lead(report: EvaluationReport) -> str:
    counts = ", ".join(f"{part.pictures:,} {part.split}" for part in report.parts)
    sizes = " and ".join(dict.fromkeys(f"{painter.picture_size} px" for painter in report.painters))
    return f"Measured against {report.data}: {counts} pictures, {sizes}, {report.made[:10]}."


def _groups(painter: PainterReport) -> tuple[Group, ...]:
    groups: dict[tuple[str, str], list[Figure]] = {}
    for figure in painter.figures:
        groups.setdefault((figure.split, figure.extractor), []).append(figure)
    headings = HEADINGS if painter.conditional else HEADINGS | UNPROMPTED_HEADINGS
    return tuple(Group(headings.get(split, split), seen_by, tuple(f)) for (split, seen_by), f in groups.items())


def _facts(painter: PainterReport) -> tuple[tuple[str, str], ...]:
    cost = painter.cost
    facts = [
        ("learned numbers", large(cost.parameters)),
        ("painter file", f"{cost.file_bytes / 1e6:.1f} MB"),
        (f"a picture, of 5 at once, {cost.threads} threads", f"{cost.milliseconds:.1f} ms"),
    ]
    if cost.images_seen:
        facts.append(("images seen in training", large(sum(cost.images_seen.values()))))
    if cost.hours is not None:
        facts.append(("hours of training", f"{cost.hours:.2f}"))
    if cost.hardware:
        facts.append(("trained on", " ".join(str(cost.hardware[k]) for k in ("device",) if k in cost.hardware)))
    return tuple((name, value) for name, value in facts if value)


def _beside(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
