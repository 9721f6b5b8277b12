"""A painter's part of a report, and the report around it."""

from pathlib import Path

import pytest
from tests.evaluation.report.conftest import figure

from painting import __version__
from painting.data.prepared import PreparedSet
from painting.evaluation.alarms import find_faults
from painting.evaluation.evaluate import Evaluation, Plan
from painting.evaluation.extractors.classifier import Classifier, ClassifierSettings
from painting.evaluation.extractors.pixels import Pixels
from painting.evaluation.metrics.memorization import MEMORIZATION_RATE_METRIC
from painting.evaluation.reference import EvaluationData, real_photographs
from painting.evaluation.report.build import GRID_PICTURES, painter_report, whole_report
from painting.evaluation.report.painter_under_test import PainterUnderTest
from painting.evaluation.report.real_data import RealData
from painting.paint.painter import Painter


@pytest.fixture
def real(train: PreparedSet, held_out: PreparedSet) -> RealData:
    data = EvaluationData(real_photographs(train, "train"), real_photographs(held_out, "test"))
    return RealData("flowers", data, train, ClassifierSettings(), notes=("of the data",))


@pytest.fixture
def painter(tiny_painter: Path) -> PainterUnderTest:
    return PainterUnderTest(Painter.load(tiny_painter, threads=1), tiny_painter, 16, 1)


def test_a_painters_report_has_its_figures_verdicts_and_notes(painter: PainterUnderTest, real: RealData) -> None:
    copied = figure(MEMORIZATION_RATE_METRIC, 0.5, real=0.01)
    evaluation = Evaluation([copied], [], [], find_faults([copied]), ["of the evaluation"])
    report = painter_report(painter, real, evaluation, Plan(30))
    assert (report.name, report.picture_size, report.figures) == ("tiny", 16, (copied,))
    assert {verdict.question: verdict.answer for verdict in report.verdicts}["Does it copy training pictures?"] == "yes"
    assert (report.notes[0], report.notes[-1]) == ("of the data", "of the evaluation")
    assert report.cost.parameters > 0


def test_grids_show_evenly_spaced_pictures_of_the_plan_beside_their_real_ones(
    painter: PainterUnderTest, real: RealData
) -> None:
    report = painter_report(painter, real, Evaluation([], [], [], [], []), Plan(30, first_seed=100))
    test, train = report.grids
    assert (test.split, train.split) == ("test", "train")
    assert len(test.painted) == len(test.real) == len(test.prompts) == GRID_PICTURES
    assert set(test.seeds) <= set(range(100, 130)) and test.seeds[0] == 100
    assert (test.real[0] == real.data.test.pictures([0])[0]).all()  # type: ignore[arg-type]


def test_the_whole_report_names_version_data_parts_and_extractors(real: RealData, classifier: Classifier) -> None:
    report = whole_report(real, [classifier, Pixels()], {"pictures": 30}, [])
    assert (report.version, report.data, report.settings) == (__version__, "flowers", {"pictures": 30})
    assert [(part.split, part.pictures) for part in report.parts] == [("train", 96), ("test", 60)]
    assert report.extractors == (classifier.name, "pixels")
    assert report.made.endswith("+00:00")
