"""All that tells two samples of features apart, as figures: painted pictures from real ones, and real ones from others.

n pictures of each, D features.
"""

from dataclasses import dataclass, replace

from painting.evaluation.array_file import Rows, blocks
from painting.evaluation.extractors.base import Extractor, NamesClasses
from painting.evaluation.extractors.inception import NAME as INCEPTION
from painting.evaluation.figure import Better, Figure
from painting.evaluation.metrics import frechet, inception_score, kid
from painting.evaluation.metrics.precision_recall import K_DENSITY, K_PRECISION, MOST, overlap

HALVES = ", real half against half"
FEWEST = 2 * K_DENSITY
"""Fewer pictures have no neighbours to speak of."""


@dataclass(frozen=True)
class Sample:
    """One split's features by one extractor: as many painted as real ones, and other real ones for the floor."""

    extractor: Extractor
    split: str
    seed: int
    painted: Rows
    real: Rows
    floor: tuple[Rows, Rows]
    """Some of these real ones, and of another split one of the same kind for each: as many as painted ones, if there
    are."""
    others_are: str
    halves: tuple[Rows, Rows]
    """Two halves of the split's real pictures, at most n each."""

    @property
    def n(self) -> int:
        """Pictures of each kind."""
        return len(self.painted)

    @property
    def distance(self) -> str:
        """What the Fréchet distance is called: FID on the features of the published Inception v3 alone."""
        return frechet.ON_INCEPTION if self.extractor.name == INCEPTION else frechet.NAME

    def figure(self, name: str, value: float, real: float, better: Better, protocol: str) -> Figure:
        """A figure of this sample."""
        return Figure(
            name=name,
            value=value,
            real=real,
            n=self.n,
            extractor=self.extractor.name,
            split=self.split,
            seed=self.seed,
            better=better,
            protocol=protocol,
        )


def compare(sample: Sample) -> list[Figure]:
    """Fréchet distance, its floor and KID; precision, recall, density and coverage; and the Inception Score."""
    return [*_distances(sample), *_overlaps(sample), *_scores(sample)]


def _distances(sample: Sample) -> list[Figure]:
    between = f"Between {sample.n} pictures painted from {sample.split} prompts and the {sample.n} real ones of these; "
    told = (
        between + f"real, the floor: between {len(sample.floor[0])} {sample.others_are} and as many of these real ones."
    )
    halves = len(sample.halves[0])
    apart = frechet.frechet_distance(sample.real, sample.painted)
    return [
        sample.figure(sample.distance, apart, frechet.frechet_distance(*sample.floor), "lower", told),
        Figure(
            name=sample.distance + HALVES,
            value=frechet.frechet_distance(*sample.halves),
            n=halves,
            extractor=sample.extractor.name,
            split=sample.split,
            protocol=f"Between two halves of the real {sample.split} pictures, {halves} each, drawn at random: what no "
            "painter can go below; it falls as the number of pictures grows.",
        ),
        sample.figure(
            kid.NAME,
            1000 * kid.kid(sample.real, sample.painted, paired=True),
            1000 * kid.kid(*sample.floor, paired=True),
            "lower",
            f"{told} Polynomial kernel, unbiased, over all pairs of {kid.MOST:,} of each at most, but for a picture "
            "and the one of its own prompt or that it is matched with.",
        ),
    ]


def _overlaps(sample: Sample) -> list[Figure]:
    found, floor = overlap(sample.real, sample.painted), overlap(*sample.floor)
    n, others = min(sample.n, MOST), f"{min(len(sample.floor[1]), MOST)} {sample.others_are}"
    told = f"{n} painted and {n} real pictures; real: {others} in place of painted ones."
    neighbours = f"Balls reach the {K_PRECISION}rd neighbour (Kynkäänniemi et al. 2019); "
    more = f"Balls reach the {K_DENSITY}th neighbour (Naeem et al. 2020); "
    figures = [
        sample.figure("precision", found.precision, floor.precision, "higher", neighbours + told),
        sample.figure("recall", found.recall, floor.recall, "higher", neighbours + told),
        sample.figure("density", found.density, floor.density, "like real", more + told),
        sample.figure("coverage", found.coverage, floor.coverage, "higher", more + told),
    ]
    return [replace(figure, n=n) for figure in figures]


def _scores(sample: Sample) -> list[Figure]:
    network = sample.extractor
    if not isinstance(network, NamesClasses):
        return []
    painted, real = (
        inception_score.inception_score(network.class_probabilities(block) for block in blocks(rows))
        for rows in (sample.painted, sample.real)
    )
    return [
        sample.figure(
            inception_score.NAME,
            painted,
            real,
            "like real",
            f"By the classes of {network.name}, over all {sample.n} pictures at once; real: of as many real ones.",
        )
    ]
