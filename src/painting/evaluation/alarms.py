"""Figures turned into findings: faults that a careful reader of the figures would name.

Each threshold is wide of what an honest painter's figures do by chance, and far from what a real fault does; what lies
between is for the reader of the figures.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from painting.evaluation.extractors.pixels import SHARPNESS, Pixels
from painting.evaluation.figure import Figure
from painting.evaluation.metrics.alignment import ALIGNMENT
from painting.evaluation.metrics.diversity import NAME as DIVERSITY
from painting.evaluation.metrics.label_accuracy import ReadTable
from painting.evaluation.metrics.memorization import C_T, CLOSER

COPIES_FROM = 0.05
"""Of a sample of real pictures 0.01 lie below the 1st percentile; five times that is no chance among some hundreds."""
FAR_BELOW, AND_COPIES_FROM = -3.0, 0.02
"""Standard deviations: chance gives less once in 700 times. Meehan et al. (2020) call it copying, but a painter of
nothing but typical pictures, as guidance makes it, gets there too without one copy: so some must be close, twice as
many as usual."""
FOLLOWS_LESS = 0.25
"""Of what real pictures gain by their own captions over chance: less is close to no regard at all."""
VARIES_LESS, VARIES_LESS_IN_FEATURES = 0.25, 0.05
"""Of real pictures' distances: an ignored latent gives nearly 0, strong guidance more than half. Features forget what
a prompt leaves open (place, noise), and those of an exact prompt may lie close."""
LEFT_OUT_FROM = 0.15
"""Of the values of a field: one of seven; a single one of many is often rare or hard to read."""
COVERS_LESS = 0.4
"""Of what real pictures cover of others: half of the kinds missing takes away about half of it, little noise less."""
BLURRED_BELOW = 0.6
"""Of real pictures' finest detail: a Gaussian blur of 1 px leaves about a third of it."""
NOISY_ABOVE = 1.6
"""Of real pictures' finest detail, of which other real ones have a few percent more or less. What most classifiers see
hides noise: pictures of nothing but coloured grain lie where precision is highest."""


@dataclass(frozen=True)
class Finding:
    """A fault, in a few words and in a sentence, with the figures that name it."""

    kind: str
    sentence: str
    figures: tuple[Figure, ...]
    split: str


Test = Callable[[Figure], str]
"""The sentence about a figure that shows a fault; empty: it shows none."""


def find_faults(figures: Sequence[Figure], tables: Sequence[ReadTable] = ()) -> list[Finding]:
    """Every fault that the figures show, one finding for each kind and split, all figures that name it together.

    `tables` tell which values are left out, by name.
    """
    missing = {(f"{table.field} left out", table.split, table.extractor): ", ".join(table.left_out) for table in tables}
    close = {(figure.split, figure.extractor): figure.value for figure in figures if figure.name == CLOSER}
    tests: tuple[tuple[str, Test], ...] = (
        ("copies training pictures", lambda figure: _copies(figure, close)),
        ("ignores the prompt", _ignores_prompt),
        ("ignores the latent", _ignores_latent),
        ("leaves kinds out", lambda figure: _leaves_out(figure, missing)),
        ("blurred", _blurred),
        ("noisy", _noisy),
    )
    found: dict[tuple[str, str], list[tuple[str, Figure]]] = {}
    for kind, test in tests:
        for figure in figures:
            sentence = test(figure)
            if sentence:
                found.setdefault((kind, figure.split), []).append((sentence, figure))
    return [
        Finding(kind, " ".join(dict.fromkeys(_sentences(shown))), tuple(figure for _, figure in shown), split)
        for (kind, split), shown in found.items()
    ]


def _sentences(shown: Iterable[tuple[str, Figure]]) -> Iterable[str]:
    return (f"{sentence} ({figure.extractor})." for sentence, figure in shown)


def _copies(figure: Figure, close: Mapping[tuple[str, str], float]) -> str:
    if figure.name == CLOSER and figure.value >= COPIES_FROM:
        return (
            f"{figure.value:.0%} of the pictures are closer to a training picture than 99% of unseen real ones, "
            "where 1% is usual"
        )
    some_close = close.get((figure.split, figure.extractor), 0) >= AND_COPIES_FROM
    if figure.name == C_T and figure.value < FAR_BELOW and some_close:
        return f"Pictures lie closer to training pictures than unseen real ones do (C_T {figure.value:.1f})"
    return ""


def _ignores_prompt(figure: Figure) -> str:
    judged = figure.name == ALIGNMENT or figure.name.endswith("read back")
    if not judged or figure.real is None or figure.chance is None or figure.real <= figure.chance:
        return ""
    follows = (figure.value - figure.chance) / (figure.real - figure.chance)
    return (
        f"{figure.name} is {_part(follows)} of the way from chance to real pictures" if follows < FOLLOWS_LESS else ""
    )


def _ignores_latent(figure: Figure) -> str:
    least = VARIES_LESS if figure.extractor == Pixels.name else VARIES_LESS_IN_FEATURES
    if figure.name == DIVERSITY and figure.real and figure.value < least * figure.real:
        return f"Pictures of one prompt differ {_part(figure.value / figure.real)} as much as real ones of its kind"
    return ""


def _leaves_out(figure: Figure, missing: Mapping[tuple[str, str, str], str]) -> str:
    if figure.name.endswith(" left out") and figure.value >= LEFT_OUT_FROM:
        which = missing.get((figure.name, figure.split, figure.extractor), "")
        field = figure.name.removesuffix(" left out")
        return f"{figure.value:.0%} of all values of {field} are hardly ever painted" + (f": {which}" if which else "")
    if figure.name == "coverage" and figure.real and figure.value < COVERS_LESS * figure.real:
        return f"Coverage is {_part(figure.value / figure.real)} of what real pictures reach"
    return ""


def _blurred(figure: Figure) -> str:
    if figure.name == SHARPNESS and figure.real and figure.value < BLURRED_BELOW * figure.real:
        return f"Pictures have {_part(figure.value / figure.real)} of real ones' finest detail"
    return ""


def _noisy(figure: Figure) -> str:
    if figure.name == SHARPNESS and figure.real and figure.value > NOISY_ABOVE * figure.real:
        return f"Pictures have {_part(figure.value / figure.real)} of real ones' finest detail: noise, or a pattern"
    return ""


def _part(share: float) -> str:
    return f"{max(share, 0):.0%}"
