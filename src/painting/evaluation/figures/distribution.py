"""Distances between the distributions of painted and of real pictures as figures: Fréchet, KID, precision and recall.

n pictures of each, D features.
"""

from collections.abc import Callable
from dataclasses import dataclass

from painting.data.array_cache import Rows, blocks
from painting.evaluation.extractors.base import ClassPredictor, Extractor
from painting.evaluation.extractors.inception import PUBLISHED_NAME as INCEPTION
from painting.evaluation.figure import Figure, Metric
from painting.evaluation.metrics import frechet, inception_score, kid
from painting.evaluation.metrics.precision_recall import (
    COVERAGE_METRIC,
    DENSITY_METRIC,
    K_DENSITY,
    K_PRECISION,
    MAX_SAMPLE_SIZE,
    PRECISION_METRIC,
    RECALL_METRIC,
    precision_recall,
)

MIN_PICTURES = 2 * K_DENSITY
"""Fewer pictures have too few neighbours."""


@dataclass(frozen=True)
class FeatureSample:
    """The features of one split by one extractor: as many painted as real ones, and other real ones for the floor."""

    extractor: Extractor
    split: str
    seed: int
    painted: Rows
    real: Rows
    floor: tuple[Rows, Rows]
    """Some of these real ones, and of another split one of the same class for each: as many as painted ones, if there
    are."""
    floor_description: str
    """The second of the floor in words: "real train pictures of the same species"."""
    halves: tuple[Rows, Rows]
    """Two halves of the split's real pictures, at most n each."""

    @property
    def n(self) -> int:
        """Painted pictures, and as many real ones."""
        return len(self.painted)

    def figure(
        self,
        metric: Metric,
        value: float,
        real: float,
        protocol: str,
        *,
        n: int | None = None,
        chance: float | None = None,
        fields: tuple[str, ...] = (),
    ) -> Figure:
        """A figure of this sample; `n` is given where not all of its pictures count."""
        return Figure(
            metric=metric,
            value=value,
            real=real,
            chance=chance,
            n=self.n if n is None else n,
            extractor=self.extractor.name,
            split=self.split,
            seed=self.seed,
            protocol=protocol,
            fields=fields,
        )


def compare(sample: FeatureSample) -> list[Figure]:
    """All figures of the distance between the features of painted and of real pictures.

    A new metric on features is one more function in `FEATURE_METRICS`.
    """
    return [figure for measure in FEATURE_METRICS for figure in measure(sample)]


def frechet_figures(sample: FeatureSample) -> list[Figure]:
    """Fréchet distance (FID on the published Inception v3 alone), and that between halves of the real pictures."""
    is_fid = sample.extractor.name == INCEPTION
    halves = len(sample.halves[0])
    return [
        sample.figure(
            frechet.FID_METRIC if is_fid else frechet.FRECHET_METRIC,
            frechet.frechet_distance(sample.real, sample.painted),
            frechet.frechet_distance(*sample.floor),
            _distance_protocol(sample),
        ),
        Figure(
            metric=frechet.FID_REAL_HALVES_METRIC if is_fid else frechet.FRECHET_REAL_HALVES_METRIC,
            value=frechet.frechet_distance(*sample.halves),
            n=halves,
            extractor=sample.extractor.name,
            split=sample.split,
            protocol=f"Between two halves of the real {sample.split} pictures, {halves} each, drawn at random: what no "
            "painter can go below; it falls as the number of pictures grows.",
        ),
    ]


def kid_figures(sample: FeatureSample) -> list[Figure]:
    """KID, unbiased; pairs of one prompt are not compared."""
    return [
        sample.figure(
            kid.KID_METRIC,
            1000 * kid.kid(sample.real, sample.painted, paired=True),
            1000 * kid.kid(*sample.floor, paired=True),
            f"{_distance_protocol(sample)} Polynomial kernel, unbiased, over all pairs of {kid.MAX_KID_SAMPLE:,} of "
            "each at most, but for a picture and the one of its own prompt or that it is matched with.",
        )
    ]


def _distance_protocol(sample: FeatureSample) -> str:
    return (
        f"Between {sample.n} pictures painted from {sample.split} prompts and the {sample.n} real ones of these; "
        f"real, the floor: between {len(sample.floor[0])} {sample.floor_description} and as many of these real ones."
    )


def precision_recall_figures(sample: FeatureSample) -> list[Figure]:
    """Precision and recall, density and coverage."""
    found = precision_recall(sample.real, sample.painted)
    floor = precision_recall(*sample.floor)
    n = min(sample.n, MAX_SAMPLE_SIZE)
    others = f"{min(len(sample.floor[1]), MAX_SAMPLE_SIZE)} {sample.floor_description}"
    compared = f"{n} painted and {n} real pictures; real: {others} in place of painted ones."
    of_precision = f"Balls reach the {K_PRECISION}rd neighbour (Kynkäänniemi et al. 2019); {compared}"
    of_density = f"Balls reach the {K_DENSITY}th neighbour (Naeem et al. 2020); {compared}"
    return [
        sample.figure(PRECISION_METRIC, found.precision, floor.precision, of_precision, n=n),
        sample.figure(RECALL_METRIC, found.recall, floor.recall, of_precision, n=n),
        sample.figure(DENSITY_METRIC, found.density, floor.density, of_density, n=n),
        sample.figure(COVERAGE_METRIC, found.coverage, floor.coverage, of_density, n=n),
    ]


def inception_score_figures(sample: FeatureSample) -> list[Figure]:
    """The Inception Score; none by an extractor without classes."""
    network = sample.extractor
    if not isinstance(network, ClassPredictor):
        return []
    painted, real = (
        inception_score.inception_score(network.class_probabilities(block) for block in blocks(rows))
        for rows in (sample.painted, sample.real)
    )
    return [
        sample.figure(
            inception_score.INCEPTION_SCORE_METRIC,
            painted,
            real,
            f"By the classes of {network.name}, over all {sample.n} pictures at once; real: of as many real ones.",
        )
    ]


FEATURE_METRICS: tuple[Callable[[FeatureSample], list[Figure]], ...] = (
    frechet_figures,
    kid_figures,
    precision_recall_figures,
    inception_score_figures,
)
"""Every metric that compares the features of two samples, in the order of the report."""
