"""Findings: faults of a painter, detected by thresholds on its figures.

Each threshold is far outside of what an honest painter's figures do by chance, and far inside of what a real fault
does; what lies between is left to the reader of the figures.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from painting.evaluation.extractors.pixels import Pixels
from painting.evaluation.figure import Fault, Figure
from painting.evaluation.figures.sharpness import SHARPNESS_METRIC
from painting.evaluation.metrics.alignment import ALIGNMENT_METRIC
from painting.evaluation.metrics.diversity import DIVERSITY_METRIC
from painting.evaluation.metrics.label_accuracy import LABEL_ACCURACY_METRIC, MISSING_MODES_METRIC, LabelConfusion
from painting.evaluation.metrics.memorization import C_T_METRIC, MEMORIZATION_RATE_METRIC
from painting.evaluation.metrics.precision_recall import COVERAGE_METRIC
from painting.evaluation.picture_distance import FAR_KID, EfficientNetKid

MIN_MEMORIZATION_RATE = 0.05
"""Of a sample of real pictures 0.01 lie below the 1st percentile; five times that is no chance among some hundreds."""
MAX_C_T = -3.0
"""Standard deviations: chance gives less once in 700 times. Meehan et al. (2020) call it data copying, but a painter of
nothing but typical pictures, as guidance makes it, gets there too without one copy: so some must be close."""
MIN_MEMORIZATION_RATE_WITH_C_T = 0.02
"""Twice the usual rate: the evidence of single copies that a low C_T needs beside it."""
MIN_PROMPT_GAIN = 0.25
"""Of what real pictures gain by their own captions over chance: less is close to no regard at all."""
MIN_PIXEL_DIVERSITY = 0.25
"""Of real pictures' distances: an ignored latent gives nearly 0, strong guidance more than half."""
MIN_FEATURE_DIVERSITY = 0.05
"""The same of features: they forget what a prompt leaves open (place, noise), and those of an exact prompt may be close
together."""
MIN_MISSING_MODES = 0.15
"""Of the values of a field: one of seven; a single one of many is often rare or hard to classify."""
MIN_COVERAGE = 0.4
"""Of what real pictures cover of others: half of the modes missing takes away about half of it, little noise less."""
MIN_SHARPNESS = 0.6
"""Of real pictures' sharpness: a Gaussian blur of 1 px leaves about a third of it."""
MAX_SHARPNESS = 1.6
"""Of real pictures' sharpness, of which other real ones have a few percent more or less. The features of most
classifiers hide noise: pictures of nothing but coloured grain have the highest precision."""


@dataclass(frozen=True)
class Finding:
    """A fault, in a sentence, with the figures that show it."""

    fault: Fault
    sentence: str
    figures: tuple[Figure, ...]
    split: str


FigureTest = Callable[[Figure], str]
"""A sentence about a figure that shows a fault; empty: it shows none."""


def find_faults(figures: Sequence[Figure], tables: Sequence[LabelConfusion] = ()) -> list[Finding]:
    """Every fault that the figures show, one finding for each fault and split with all figures that show it.

    `tables` give the names of missing modes.
    """
    missing = {(table.field, table.split, table.extractor): ", ".join(table.missing_values) for table in tables}
    rates = {(f.split, f.extractor): f.value for f in figures if f.metric == MEMORIZATION_RATE_METRIC}
    tests: tuple[tuple[Fault, FigureTest], ...] = (
        ("distance", _distance),
        ("memorization", lambda figure: _memorization(figure, rates)),
        ("ignored_prompt", _ignored_prompt),
        ("ignored_latent", _ignored_latent),
        ("missing_modes", lambda figure: _missing_modes(figure, missing)),
        ("blur", _blur),
        ("noise", _noise),
    )
    found: dict[tuple[Fault, str], dict[Figure, str]] = {}
    for fault, test in tests:
        for figure in figures:
            sentence = test(figure)
            if sentence:
                found.setdefault((fault, figure.split), {})[figure] = f"{sentence} ({figure.extractor})."
    return [
        Finding(fault, " ".join(dict.fromkeys(sentences.values())), tuple(sentences), split)
        for (fault, split), sentences in found.items()
    ]


def _distance(figure: Figure) -> str:
    if (figure.id, figure.extractor) == EfficientNetKid.figure and figure.value >= FAR_KID:
        return f"Its pictures are far from the real {figure.split} pictures: {distance_in_words(figure)}"
    return ""


def distance_in_words(figure: Figure) -> str:
    """A KID by EfficientNet-Lite2 with its scale: the floor, and what pictures of another world have."""
    floor = "" if figure.real is None else f"other real ones have {figure.real:.1f}, "
    return f"{figure.name} {figure.value:.1f}, where {floor}pictures of another world {FAR_KID:.0f} and more"


def _memorization(figure: Figure, rates: Mapping[tuple[str, str], float]) -> str:
    if figure.metric == MEMORIZATION_RATE_METRIC and figure.value >= MIN_MEMORIZATION_RATE:
        return (
            f"{figure.value:.0%} of the pictures are closer to a training picture than 99% of held-out real ones, "
            "where 1% is usual"
        )
    some_close = rates.get((figure.split, figure.extractor), 0) >= MIN_MEMORIZATION_RATE_WITH_C_T
    if figure.metric == C_T_METRIC and figure.value < MAX_C_T and some_close:
        return f"Pictures lie closer to training pictures than held-out real ones do (C_T {figure.value:.1f})"
    return ""


def _ignored_prompt(figure: Figure) -> str:
    if figure.metric not in (ALIGNMENT_METRIC, LABEL_ACCURACY_METRIC):
        return ""
    # Where real pictures are no better than chance, the classifier is blind to it, not the painter.
    if figure.real is None or figure.chance is None or figure.real <= figure.chance:
        return ""
    gain = (figure.value - figure.chance) / (figure.real - figure.chance)
    if gain >= MIN_PROMPT_GAIN:
        return ""
    return f"{figure.name[:1].upper()}{figure.name[1:]} is {_percent(gain)} of the way from chance to real pictures"


def _ignored_latent(figure: Figure) -> str:
    least = MIN_PIXEL_DIVERSITY if figure.extractor == Pixels.name else MIN_FEATURE_DIVERSITY
    if figure.metric == DIVERSITY_METRIC and figure.real and figure.value < least * figure.real:
        part = _percent(figure.value / figure.real)
        return f"Pictures of one prompt differ {part} as much as real ones of its class"
    return ""


def _missing_modes(figure: Figure, missing: Mapping[tuple[str, str, str], str]) -> str:
    if figure.metric == MISSING_MODES_METRIC and figure.value >= MIN_MISSING_MODES:
        (field,) = figure.fields
        values = missing.get((field, figure.split, figure.extractor), "")
        return f"{figure.value:.0%} of all values of {field} are hardly ever painted" + (
            f": {values}" if values else ""
        )
    if figure.metric == COVERAGE_METRIC and figure.real and figure.value < MIN_COVERAGE * figure.real:
        return f"Coverage is {_percent(figure.value / figure.real)} of that of real pictures"
    return ""


def _blur(figure: Figure) -> str:
    if figure.metric == SHARPNESS_METRIC and figure.real and figure.value < MIN_SHARPNESS * figure.real:
        return f"Sharpness is {_percent(figure.value / figure.real)} of that of real pictures"
    return ""


def _noise(figure: Figure) -> str:
    if figure.metric == SHARPNESS_METRIC and figure.real and figure.value > MAX_SHARPNESS * figure.real:
        return f"Sharpness is {_percent(figure.value / figure.real)} of that of real pictures: noise, or a pattern"
    return ""


def _percent(share: float) -> str:
    return f"{max(share, 0):.0%}"
