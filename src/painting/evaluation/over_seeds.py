"""Figures of several sets of seeds made one: their mean, and how far they spread."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean, stdev

from painting.evaluation.figure import Figure


def over_seeds(turns: Sequence[Sequence[Figure]]) -> list[Figure]:
    """Each figure's mean over turns, `spread` its standard deviation; with one turn they stay as they are.

    A figure is told by its name, split and extractor; the first turn says the rest. One that not every turn has is
    taken over those that have it.
    """
    same: dict[tuple[str, str, str], list[Figure]] = {}
    for figure in (figure for turn in turns for figure in turn):
        same.setdefault((figure.name, figure.split, figure.extractor), []).append(figure)
    return [_joined(figures) for figures in same.values()]


def _joined(figures: Sequence[Figure]) -> Figure:
    if len(figures) == 1:
        return figures[0]
    values = [figure.value for figure in figures]
    protocol = f"{figures[0].protocol} The mean over {len(values)} sets of seeds."
    return replace(figures[0], value=fmean(values), spread=stdev(values), protocol=protocol)
