"""How much of the generated pictures is real, and of the real ones generated: the alarms for collapse.

Precision and recall: Kynkäänniemi et al. 2019; density and coverage: Naeem et al. 2020.
"""

from dataclasses import dataclass

import numpy as np

from painting.data.array_cache import Rows, subsample
from painting.evaluation.figure import Metric
from painting.evaluation.metrics.knn import counts_within, nearest

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
K_PRECISION, K_DENSITY = 3, 5
MOST = 10_000
"""Of each sample so many are compared: their cost grows with the square (Naeem et al. 2020 take as many)."""


@dataclass(frozen=True)
class Overlap:
    """Shares of pictures, but for the density, which may pass 1."""

    precision: float
    """Of the generated pictures, those within a real one's ball, which reaches its third neighbour."""
    recall: float
    """Of the real pictures, those within a generated one's ball."""
    density: float
    """In how many real ones' balls, which reach the fifth neighbour, a generated picture lies, as a part of five."""
    coverage: float
    """Of the real pictures' balls, those that hold a generated one."""


def overlap(real: Rows, generated: Rows) -> Overlap:
    """All four for features (N, D) and (M, D), N and M above 5; compare figures of the same N and M alone.

    Of more than MOST, some are taken, evenly spread.
    """
    real, generated = subsample(real, MOST), subsample(generated, MOST)
    radii = nearest(real, real, K_DENSITY, themselves=True).distances[:, [K_PRECISION - 1, K_DENSITY - 1]]
    radii_generated = nearest(generated, generated, K_PRECISION, themselves=True).distances[:, [K_PRECISION - 1]]
    inside = counts_within(generated, real, radii)
    closest = nearest(real, generated).distances[:, 0]
    return Overlap(
        precision=float((inside[:, 0] > 0).mean()),
        recall=float((counts_within(real, generated, radii_generated) > 0).mean()),
        density=float(inside[:, 1].mean() / K_DENSITY),
        coverage=float(np.mean(closest <= radii[:, 1])),
    )
