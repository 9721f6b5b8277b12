"""`Metric`: what the report knows of a metric. `Figure`: one measured value of it, with its protocol."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean, stdev
from typing import Any, Literal

Better = Literal["higher", "lower", "like real"]
Fault = Literal["distance", "memorization", "ignored_prompt", "ignored_latent", "missing_modes", "blur", "noise"]
"""The faults of a generative model that the report answers a question about, one each."""
CARD_DECIMALS = 4


@dataclass(frozen=True)
class Metric:
    """The record of a metric, beside the code that computes it: all that report, alarms and comparison know of it."""

    id: str
    """A stable snake_case word: "kid". Code refers to a metric by it, or by the record, never by the name."""
    name: str
    """For people; of a metric about labels `{fields}` stands for their fields: "{fields} accuracy"."""
    meaning: str
    """One sentence for a reader who does not know the metric."""
    better: Better | None
    """Where a better painter's value lies; None: nowhere, it describes the data."""
    faults: tuple[Fault, ...] = ()
    """The faults that it shows: the questions of the report that it answers."""
    of_real: bool = False
    """Whether it is of real pictures alone: its value stands in the column of the real ones."""


@dataclass(frozen=True)
class Figure:
    """`value` over `n` pictures; `real` is the same metric on real pictures, `chance` what ignoring prompts gives.

    Of a distance `real` is the floor: the distance of as many real pictures from other real ones.
    """

    metric: Metric
    value: float
    n: int
    extractor: str
    """The feature extractor or classifier; figures of different ones cannot be compared."""
    split: str
    """Where the prompts came from, or the real pictures: "train", "validation", "test", "zero-shot"."""
    protocol: str
    """One sentence that says how to measure it again."""
    fields: tuple[str, ...] = ()
    """The label fields that it is about: ("species",)."""
    real: float | None = None
    chance: float | None = None
    spread: float | None = None
    """The standard deviation of `value` over generation seeds."""
    seed: int = 0
    """The seed of the first picture; the others count up from it."""

    @property
    def id(self) -> str:
        """The metric's id, then the fields: "label_accuracy.species"."""
        return ".".join((self.metric.id, *self.fields))

    @property
    def name(self) -> str:
        """The metric's name with the fields in it: "species accuracy"."""
        return self.metric.name.replace("{fields}", " and ".join(self.fields))

    def as_dict(self) -> dict[str, Any]:
        """The figure as JSON, for reports and cards: unknown values are left out, floats keep four decimals."""
        known = {
            "id": self.id,
            "name": self.name,
            "value": self.value,
            "n": self.n,
            "extractor": self.extractor,
            "split": self.split,
            "protocol": self.protocol,
            "real": self.real,
            "chance": self.chance,
            "spread": self.spread,
            "seed": self.seed,
            "better": self.metric.better,
        }
        return {
            name: round(value, CARD_DECIMALS) if isinstance(value, float) else value
            for name, value in known.items()
            if value is not None
        }


def over_seeds(generations: Sequence[Sequence[Figure]]) -> list[Figure]:
    """Each figure's mean over sets of seeds, `spread` its standard deviation; with one set they stay as they are.

    Figures are the same by id, split and extractor; the first set gives all but the value. One that not every set has
    is taken over those that have it.
    """
    same: dict[tuple[str, str, str], list[Figure]] = {}
    for figures in generations:
        for figure in figures:
            same.setdefault((figure.id, figure.split, figure.extractor), []).append(figure)
    return [_mean_of(figures) for figures in same.values()]


def _mean_of(figures: Sequence[Figure]) -> Figure:
    if len(figures) == 1:
        return figures[0]
    values = [figure.value for figure in figures]
    protocol = f"{figures[0].protocol} The mean over {len(values)} sets of seeds."
    return replace(figures[0], value=fmean(values), spread=stdev(values), protocol=protocol)
