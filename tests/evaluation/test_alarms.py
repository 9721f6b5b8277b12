import numpy as np
import pytest

from painting.evaluation.alarms import find_faults
from painting.evaluation.figure import Figure
from painting.evaluation.metrics.label_accuracy import ReadTable, left_out_figure


def figure(
    name: str, value: float, real: float, chance: float | None = None, extractor: str = "classifier-1"
) -> Figure:
    return Figure(name, value, 500, extractor, "test", "by hand", real=real, chance=chance)


FAULTY = [
    ("copies training pictures", figure("closer than real ones ever come", 0.08, 0.01)),
    ("ignores the prompt", figure("species read back", 0.22, 0.8, 0.1)),
    ("ignores the prompt", figure("alignment", 0.1, 1, 0)),
    ("ignores the latent", figure("diversity at one prompt", 1, 10, extractor="pixels")),
    ("ignores the latent", figure("diversity at one prompt", 0.4, 10)),
    ("leaves kinds out", figure("species left out", 0.5, 0)),
    ("leaves kinds out", figure("coverage", 0.3, 0.97)),
    ("blurred", figure("sharpness", 20, 40, extractor="pixels")),
    ("noisy", figure("sharpness", 70, 40, extractor="pixels")),
]
HEALTHY = [
    figure("closer than real ones ever come", 0.03, 0.01),
    figure("C_T", -2.4, 0),
    figure("C_T", -6, 0, extractor="classifier-2"),  # typical pictures, but none is a copy:
    figure("closer than real ones ever come", 0.004, 0.01, extractor="classifier-2"),
    figure("C_T", 8, 0),
    figure("species read back", 0.5, 0.8, 0.1),
    figure("species read back", 0.1, 0.1, 0.1),  # nor can real pictures be read
    figure("alignment", 0.6, 1, 0),
    figure("diversity at one prompt", 4, 10, extractor="pixels"),
    figure("diversity at one prompt", 1, 10),
    figure("species left out", 0.1, 0),
    figure("coverage", 0.6, 0.97),
    figure("sharpness", 30, 40, extractor="pixels"),
    figure("sharpness", 50, 40, extractor="pixels"),
    figure("Fréchet distance", 100, 2),
]


@pytest.mark.parametrize(("kind", "faulty"), FAULTY, ids=[f"{kind}: {each.name}" for kind, each in FAULTY])
def test_each_figure_names_its_fault(kind: str, faulty: Figure) -> None:
    (finding,) = find_faults([faulty])
    assert (finding.kind, finding.split, finding.figures) == (kind, "test", (faulty,))
    assert finding.sentence.endswith(f"({faulty.extractor}).")


def test_figures_of_an_honest_painter_name_none() -> None:
    assert find_faults(HEALTHY) == []


def test_figures_of_the_same_fault_make_one_finding() -> None:
    findings = find_faults([*(each for _, each in FAULTY), figure("C_T", -4, 0)])
    assert len(findings) == 6
    assert all(len(finding.figures) >= 1 for finding in findings)
    assert len(findings[0].figures) == 2
    assert "8% of the pictures are closer to a training picture than 99% of unseen real ones" in findings[0].sentence
    assert "C_T -4.0" in findings[0].sentence


def test_the_copying_test_counts_where_some_pictures_are_close() -> None:
    (finding,) = find_faults(
        [figure("C_T", -4, 0), figure("closer than real ones ever come", 0.03, 0.01), figure("C_T", -2, 0)]
    )
    assert [(each.name, each.value) for each in finding.figures] == [("C_T", -4)]


def read_as(value: int, extractor: str) -> ReadTable:
    """All that was painted of two species is read as one of them, real pictures as what they are."""
    painted, real = np.zeros((2, 2), np.int64), np.diag([8, 8])
    painted[:, value] = 8
    return ReadTable("species", "test", extractor, ("rose", "tulip"), painted, real, "a careful reader")


def test_each_reader_names_the_values_that_it_misses_itself() -> None:
    tables = [read_as(1, "classifier-1"), read_as(0, "efficientnet-lite2")]
    (finding,) = find_faults([left_out_figure(table, 0) for table in tables], tables)
    assert finding.sentence == (
        "50% of all values of species are hardly ever painted: rose (classifier-1). "
        "50% of all values of species are hardly ever painted: tulip (efficientnet-lite2)."
    )
