"""Charts of a report as SVG; their CSS classes take the report's colours, light or dark."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from painting.evaluation.figure import Figure
from painting.evaluation.report.formatting import format_number

# All in px of the chart's own view box.
METER_WIDTH = 240
METER_HEIGHT = 40
METER_MARGIN = 8
AXIS_Y = 22
WORD_Y = 9
CHANCE_WORD_Y = 39
"""Below the axis: where real pictures are no better than chance, two words above it would overlap."""
DOT_RADIUS = 5.5
HALF_WORD_WIDTH = 16
"""Half of the widest word."""


@dataclass(frozen=True)
class MeterMark:
    """A mark on a meter: its value, its CSS class, and its word."""

    value: float
    kind: str
    word: str


def meter(figure: Figure) -> Markup:
    """A figure on a scale from 0: a dot for painted pictures, ticks for real ones and for chance."""
    marks = [MeterMark(figure.value, "painted", "painted")]
    if figure.real is not None:
        marks.append(MeterMark(figure.real, "real", "real"))
    if figure.chance is not None:
        marks.append(MeterMark(figure.chance, "chance", "chance"))
    return scale(marks, figure.spread or 0.0)


def scale(marks: Sequence[MeterMark], spread: float = 0.0) -> Markup:
    """The first mark as a dot with its spread, the others as ticks, on a line that holds 0 and all of them."""
    low = min(0.0, *(mark.value for mark in marks))
    high = max(0.0, *(mark.value + spread for mark in marks))
    if all(0 <= mark.value <= 1 for mark in marks) and high > 0.5:
        high = 1.0  # shares are shown on the whole scale
    span = (high - low) or 1.0

    def x_of(value: float) -> float:
        clipped = min(max(value, low), high)
        return round(METER_MARGIN + (METER_WIDTH - 2 * METER_MARGIN) * (clipped - low) / span, 1)

    shapes = [f'<line class="axis" x1="{METER_MARGIN}" y1="{AXIS_Y}" x2="{METER_WIDTH - METER_MARGIN}" y2="{AXIS_Y}"/>']
    shapes += [
        f'<line class="tick {mark.kind}" x1="{x_of(mark.value)}" y1="{AXIS_Y - 9}" x2="{x_of(mark.value)}" '
        f'y2="{AXIS_Y + 7}"/>{_word(mark, x_of(mark.value))}'
        for mark in marks[1:]
    ]
    first = marks[0]
    if spread:
        left = x_of(first.value - spread)
        right = x_of(first.value + spread)
        shapes.append(f'<line class="spread" x1="{left}" y1="{AXIS_Y}" x2="{right}" y2="{AXIS_Y}"/>')
    shapes.append(f'<circle class="{first.kind}" cx="{x_of(first.value)}" cy="{AXIS_Y}" r="{DOT_RADIUS}"/>')
    label = ", ".join(f"{mark.word} {format_number(mark.value)}" for mark in marks)
    view = f"0 0 {METER_WIDTH} {METER_HEIGHT}"
    return Markup(f'<svg class="meter" viewBox="{view}" role="img" aria-label="{label}">{"".join(shapes)}</svg>')


def _word(mark: MeterMark, x: float) -> str:
    """A mark's word above it, that of chance below it, inside the chart at both ends."""
    anchor = "start" if x < HALF_WORD_WIDTH else "end" if x > METER_WIDTH - HALF_WORD_WIDTH else "middle"
    x = {"start": 1, "end": METER_WIDTH - 1, "middle": x}[anchor]
    y = CHANCE_WORD_Y if mark.kind == "chance" else WORD_Y
    return f'<text class="{mark.kind}" x="{x}" y="{y}" text-anchor="{anchor}">{mark.word}</text>'


def bar(painted: float, real: float) -> Markup:
    """A share as a bar, with a tick at that of real pictures."""
    tick = f'<line class="tick real" x1="{100 * real:.1f}" y1="0" x2="{100 * real:.1f}" y2="10"/>'
    return Markup(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="axis" x="0" y="2" width="100" height="6" rx="1"/>'
        f'<rect class="painted" x="0" y="2" width="{100 * painted:.1f}" height="6" rx="1"/>{tick}</svg>'
    )
