"""Precision and recall (Kynkäänniemi et al. 2019), density and coverage (Naeem et al. 2020).

Each compares the nearest-neighbour balls of one sample with the pictures of the other; recall and coverage fall at mode
collapse.
"""

from dataclasses import dataclass

import numpy as np

from painting.data.array_cache import Rows, subsample
from painting.evaluation.figure import Metric
from painting.evaluation.metrics.knn import counts_within_radii, nearest_neighbours

PRECISION_METRIC = Metric(
    id="precision",
    name="precision",
    meaning="The share of painted pictures that lie among real ones (fidelity).",
    better="higher",
)
RECALL_METRIC = Metric(
    id="recall",
    name="recall",
    meaning="The share of real pictures that lie among painted ones: it falls when modes are missing.",
    better="higher",
    faults=("missing_modes",),
)
DENSITY_METRIC = Metric(
    id="density",
    name="density",
    meaning="How densely painted pictures lie among real ones; 1 is as densely as real ones.",
    better="like real",
)
COVERAGE_METRIC = Metric(
    id="coverage",
    name="coverage",
    meaning="The share of real pictures with a painted one nearby: it falls when modes are missing.",
    better="higher",
    faults=("missing_modes",),
)
K_PRECISION = 3
"""Neighbours within a ball, for precision and recall."""
K_DENSITY = 5
"""Neighbours within a ball, for density and coverage."""
MAX_SAMPLE_SIZE = 10_000
"""Pictures of each sample that are compared: the cost grows with the square (Naeem et al. 2020 use as many)."""


@dataclass(frozen=True)
class PrecisionRecall:
    """Shares of pictures 0 … 1, but for the density, which may pass 1."""

    precision: float
    """Of the generated pictures, those within a real one's ball, which reaches its third neighbour."""
    recall: float
    """Of the real pictures, those within a generated one's ball."""
    density: float
    """The mean number of real balls, which reach the fifth neighbour, around a generated picture, divided by five."""
    coverage: float
    """Of the real pictures' balls, those that hold a generated one."""


def precision_recall(real: Rows, generated: Rows) -> PrecisionRecall:
    """All four for features (N, D) and (M, D), N and M above 5; compare figures of the same N and M alone.

    Of more than MAX_SAMPLE_SIZE pictures an evenly spaced subset is compared.
    """
    real = subsample(real, MAX_SAMPLE_SIZE)
    generated = subsample(generated, MAX_SAMPLE_SIZE)
    distances = nearest_neighbours(real, real, K_DENSITY, exclude_self=True).distances  # (N, 5)
    radii = distances[:, [K_PRECISION - 1, K_DENSITY - 1]]
    distances_generated = nearest_neighbours(generated, generated, K_PRECISION, exclude_self=True).distances  # (M, 3)
    radii_generated = distances_generated[:, [K_PRECISION - 1]]
    inside = counts_within_radii(generated, real, radii)
    closest = nearest_neighbours(real, generated).distances[:, 0]
    return PrecisionRecall(
        precision=float((inside[:, 0] > 0).mean()),
        recall=float((counts_within_radii(real, generated, radii_generated) > 0).mean()),
        density=float(inside[:, 1].mean() / K_DENSITY),
        coverage=float(np.mean(closest <= radii[:, 1])),
    )
