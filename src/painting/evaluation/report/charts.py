"""Plots of a report as SVG, drawn in the page's own colours: classes carry them, so that they follow dark and light."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from painting.evaluation.figure import Figure
from painting.evaluation.report.formatting import told

WIDTH, HEIGHT, MARGIN = 240, 34, 8
LINE = 22
DOT = 5.5
WORD = 16
"""Half of the longest word."""


@dataclass(frozen=True)
class Mark:
    """A place on a meter: its value, the class that colours it, and the word for it."""

    value: float
    kind: str
    word: str


def meter(figure: Figure) -> Markup:
    """A line from 0 on which the painter's dot lies among what real pictures get and what chance gives."""
    marks = [Mark(figure.value, "painted", "painted")]
    if figure.real is not None:
        marks.append(Mark(figure.real, "real", "real"))
    if figure.chance is not None:
        marks.append(Mark(figure.chance, "chance", "chance"))
    return scale(marks, figure.spread or 0.0)


def scale(marks: Sequence[Mark], spread: float = 0.0) -> Markup:
    """The first mark as a dot with its spread, the others as ticks, on a line that holds 0 and all of them."""
    low = min(0.0, *(mark.value for mark in marks))
    high = max(0.0, *(mark.value + spread for mark in marks))
    if all(0 <= mark.value <= 1 for mark in marks) and high > 0.5:
        high = 1.0  # shares are read best against the whole
    span = (high - low) or 1.0

    def place(value: float) -> float:
        return round(MARGIN + (WIDTH - 2 * MARGIN) * (min(max(value, low), high) - low) / span, 1)

    drawn = [f'<line class="axis" x1="{MARGIN}" y1="{LINE}" x2="{WIDTH - MARGIN}" y2="{LINE}"/>']
    drawn += [
        f'<line class="tick {mark.kind}" x1="{place(mark.value)}" y1="{LINE - 9}" x2="{place(mark.value)}" '
        f'y2="{LINE + 7}"/>{_word(mark, place(mark.value))}'
        for mark in marks[1:]
    ]
    first = marks[0]
    if spread:
        left, right = place(first.value - spread), place(first.value + spread)
        drawn.append(f'<line class="spread" x1="{left}" y1="{LINE}" x2="{right}" y2="{LINE}"/>')
    drawn.append(f'<circle class="{first.kind}" cx="{place(first.value)}" cy="{LINE}" r="{DOT}"/>')
    said = ", ".join(f"{mark.word} {told(mark.value)}" for mark in marks)
    return Markup(
        f'<svg class="meter" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{said}">{"".join(drawn)}</svg>'
    )


def _word(mark: Mark, x: float) -> str:
    """A mark's word above it, kept inside at both ends."""
    anchor = "start" if x < WORD else "end" if x > WIDTH - WORD else "middle"
    x = {"start": 1, "end": WIDTH - 1, "middle": x}[anchor]
    return f'<text class="{mark.kind}" x="{x}" y="9" text-anchor="{anchor}">{mark.word}</text>'


def bar(painted: float, real: float) -> Markup:
    """A share as a bar, with a tick at that of real pictures."""
    tick = f'<line class="tick real" x1="{100 * real:.1f}" y1="0" x2="{100 * real:.1f}" y2="10"/>'
    return Markup(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="axis" x="0" y="2" width="100" height="6" rx="1"/>'
        f'<rect class="painted" x="0" y="2" width="{100 * painted:.1f}" height="6" rx="1"/>{tick}</svg>'
    )
