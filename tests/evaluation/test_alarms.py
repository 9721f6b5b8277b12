import numpy as np
import pytest

from painting.evaluation.alarms import find_faults
from painting.evaluation.figure import Figure, Metric
from painting.evaluation.figures.sharpness import SHARPNESS_METRIC
from painting.evaluation.metrics.alignment import ALIGNMENT_METRIC
from painting.evaluation.metrics.diversity import DIVERSITY_METRIC
from painting.evaluation.metrics.frechet import FRECHET_METRIC
from painting.evaluation.metrics.kid import KID_METRIC
from painting.evaluation.metrics.label_accuracy import (
    LABEL_ACCURACY_METRIC,
    MISSING_MODES_METRIC,
    LabelConfusion,
)
from painting.evaluation.metrics.memorization import C_T_METRIC, MEMORIZATION_RATE_METRIC
from painting.evaluation.metrics.precision_recall import COVERAGE_METRIC


def figure(
    metric: Metric, value: float, real: float, chance: float | None = None, extractor: str = "classifier-1"
) -> Figure:
    fields = ("species",) if "{fields}" in metric.name else ()
    return Figure(metric, value, 500, extractor, "test", "by hand", fields, real=real, chance=chance)


FAULTY = [
    ("distance", figure(KID_METRIC, 150, 1, extractor="efficientnet-lite2")),
    ("memorization", figure(MEMORIZATION_RATE_METRIC, 0.08, 0.01)),
    ("ignored_prompt", figure(LABEL_ACCURACY_METRIC, 0.22, 0.8, 0.1)),
    ("ignored_prompt", figure(ALIGNMENT_METRIC, 0.1, 1, 0)),
    ("ignored_latent", figure(DIVERSITY_METRIC, 1, 10, extractor="pixels")),
    ("ignored_latent", figure(DIVERSITY_METRIC, 0.4, 10)),
    ("missing_modes", figure(MISSING_MODES_METRIC, 0.5, 0)),
    ("missing_modes", figure(COVERAGE_METRIC, 0.3, 0.97)),
    ("blur", figure(SHARPNESS_METRIC, 20, 40, extractor="pixels")),
    ("noise", figure(SHARPNESS_METRIC, 70, 40, extractor="pixels")),
]
HEALTHY = [
    figure(KID_METRIC, 149, 1, extractor="efficientnet-lite2"),
    figure(KID_METRIC, 600, 1),  # the scale of any other network is its own
    figure(MEMORIZATION_RATE_METRIC, 0.03, 0.01),
    figure(C_T_METRIC, -2.4, 0),
    figure(C_T_METRIC, -6, 0, extractor="classifier-2"),  # typical pictures, but none is a copy:
    figure(MEMORIZATION_RATE_METRIC, 0.004, 0.01, extractor="classifier-2"),
    figure(C_T_METRIC, 8, 0),
    figure(LABEL_ACCURACY_METRIC, 0.5, 0.8, 0.1),
    figure(LABEL_ACCURACY_METRIC, 0.1, 0.1, 0.1),  # nor can real pictures be read
    figure(ALIGNMENT_METRIC, 0.6, 1, 0),
    figure(DIVERSITY_METRIC, 4, 10, extractor="pixels"),
    figure(DIVERSITY_METRIC, 1, 10),
    figure(MISSING_MODES_METRIC, 0.1, 0),
    figure(COVERAGE_METRIC, 0.6, 0.97),
    figure(SHARPNESS_METRIC, 30, 40, extractor="pixels"),
    figure(SHARPNESS_METRIC, 50, 40, extractor="pixels"),
    figure(FRECHET_METRIC, 100, 2),
]


@pytest.mark.parametrize(("fault", "faulty"), FAULTY, ids=[f"{fault}: {each.id}" for fault, each in FAULTY])
def test_each_figure_shows_its_fault(fault: str, faulty: Figure) -> None:
    (finding,) = find_faults([faulty])
    assert (finding.fault, finding.split, finding.figures) == (fault, "test", (faulty,))
    assert finding.sentence.endswith(f"({faulty.extractor}).")


def test_figures_of_an_honest_painter_show_no_fault() -> None:
    assert find_faults(HEALTHY) == []


def test_figures_of_the_same_fault_make_one_finding() -> None:
    findings = find_faults([*(each for _, each in FAULTY), figure(C_T_METRIC, -4, 0)])
    assert len(findings) == 7
    assert all(len(finding.figures) >= 1 for finding in findings)
    memorization = findings[1]
    assert len(memorization.figures) == 2
    assert "8% of the pictures are closer to a training picture than 99% of held-out real ones" in memorization.sentence
    assert "C_T -4.0" in memorization.sentence


def test_the_copying_test_counts_where_some_pictures_are_close() -> None:
    (finding,) = find_faults(
        [figure(C_T_METRIC, -4, 0), figure(MEMORIZATION_RATE_METRIC, 0.03, 0.01), figure(C_T_METRIC, -2, 0)]
    )
    assert [(each.id, each.value) for each in finding.figures] == [("c_t", -4)]


def read_as(value: int, extractor: str) -> LabelConfusion:
    """All that was painted of two species is read as one of them, real pictures as what they are."""
    painted, real = np.zeros((2, 2), np.int64), np.diag([8, 8])
    painted[:, value] = 8
    return LabelConfusion("species", "test", extractor, ("rose", "tulip"), painted, real, "a careful reader")


def test_each_classifier_names_the_values_that_it_misses_itself() -> None:
    tables = [read_as(1, "classifier-1"), read_as(0, "efficientnet-lite2")]
    (finding,) = find_faults(
        [figure(MISSING_MODES_METRIC, 0.5, 0, extractor=table.extractor) for table in tables], tables
    )
    assert finding.sentence == (
        "50% of all values of species are hardly ever painted: rose (classifier-1). "
        "50% of all values of species are hardly ever painted: tulip (efficientnet-lite2)."
    )
