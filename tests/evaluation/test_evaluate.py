"""Faults that are planted in painters are named by the right figures, and an honest painter has none."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.evaluation.conftest import SIZE, LengthEncoder, write_folder
from tests.evaluation.flower_painters import KINDS, Apart, Blurred, Copyist, Deaf, HalfMissing, Honest, Noisy, SeedBlind

from painting.data.prepared import PreparedSet, prepare
from painting.errors import DataError, InvalidRequest
from painting.evaluation.evaluate import Evaluation, Plan, evaluate, paint_split
from painting.evaluation.extractors.classifier import Classifier, ClassifierSettings
from painting.evaluation.extractors.classifier_training import train_classifier
from painting.evaluation.figure import Figure
from painting.evaluation.reference import EvaluationData, RealPictures, real_photographs
from painting.images import FloatArray, UInt8Array

pytestmark = pytest.mark.slow

COUNT = 180
COPIES, DEAF, BLIND, MISSING = "memorization", "ignored_prompt", "ignored_latent", "missing_modes"

Measure = Callable[[Honest], Evaluation]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def four_kinds(cache: Path) -> PreparedSet:
    return prepare(write_folder(cache / "train", 2 * COUNT, 0, KINDS), SIZE, 2, LengthEncoder(), cache)


@pytest.fixture(scope="module")
def data(cache: Path, four_kinds: PreparedSet) -> EvaluationData:
    test = prepare(write_folder(cache / "test", COUNT, 10_000, KINDS), SIZE, 1, LengthEncoder(), cache)
    return EvaluationData(real_photographs(four_kinds, "train"), real_photographs(test, "test"))


@pytest.fixture(scope="module")
def reader(four_kinds: PreparedSet) -> Classifier:
    settings = ClassifierSettings(widths=(8, 16), images=5000, batch=32, learning_rate=5e-3, seed=5)
    return train_classifier(four_kinds, settings)


@pytest.fixture(scope="module")
def measure(cache: Path, data: EvaluationData, reader: Classifier) -> Measure:
    return lambda painter: evaluate(painter, data, [reader], Plan(COUNT), cache=cache)


@pytest.fixture(scope="module")
def honest(measure: Measure) -> Evaluation:
    return measure(Honest())


def faults(evaluation: Evaluation, split: str = "test") -> set[str]:
    return {finding.fault for finding in evaluation.findings if finding.split == split}


def named(evaluation: Evaluation, fault: str) -> set[str]:
    """The figures that show a fault on the test split."""
    finding = next(f for f in evaluation.findings if (f.fault, f.split) == (fault, "test"))
    return {figure.id for figure in finding.figures}


def figure(evaluation: Evaluation, figure_id: str, extractor: str = "", split: str = "test") -> Figure:
    (found,) = (
        f for f in evaluation.figures if f.id == figure_id and f.split == split and f.extractor.startswith(extractor)
    )
    return found


def test_an_honest_painter_has_no_fault_and_figures_near_real_pictures(honest: Evaluation) -> None:
    assert honest.findings == []
    assert honest.notes == []
    for name in (
        "precision",
        "recall",
        "density",
        "coverage",
        "label_accuracy.species",
        "label_accuracy.color",
        "alignment",
    ):
        found = figure(honest, name)
        assert found.value == pytest.approx(found.real, abs=0.15), name
    distance = figure(honest, "frechet_distance")
    assert distance.real is not None
    assert distance.value < distance.real
    nearness = figure(honest, "kid")
    assert nearness.value == pytest.approx(0, abs=100)
    assert nearness.real == pytest.approx(0, abs=100)
    assert "180 real train pictures of the same species and color" in nearness.protocol
    assert figure(honest, "inception_score").value == pytest.approx(4, abs=0.3)


def test_a_painter_that_ignores_the_prompt_is_found_by_label_accuracy_and_alignment(measure: Measure) -> None:
    found = measure(Deaf())
    assert faults(found) == faults(found, "train") == {DEAF}
    assert named(found, DEAF) == {"label_accuracy.species", "label_accuracy.color", "alignment"}
    assert figure(found, "alignment").value == pytest.approx(0, abs=0.1)


def test_a_painter_that_ignores_the_latent_is_found_by_its_diversity_per_prompt(measure: Measure) -> None:
    found = measure(SeedBlind())
    assert {BLIND} <= faults(found) <= {BLIND, MISSING}
    assert named(found, BLIND) == {"diversity_per_prompt"}
    assert figure(found, "diversity_per_prompt", "pixels").value == 0
    assert figure(found, "recall").value < 0.1


def test_a_painter_that_returns_training_pictures_is_found_with_its_closest_pairs(
    measure: Measure, data: EvaluationData
) -> None:
    found = measure(Copyist(data.train))
    assert faults(found) == faults(found, "train") == {COPIES}
    assert named(found, COPIES) == {"c_t", "memorization_rate"}
    assert len(found.closest) == 20
    for pair in found.closest:
        assert pair.distance == 0
        assert pair.typical > 0
        np.testing.assert_array_equal(pair.painted, pair.training)
        place = data.train.names.index(pair.training_name)
        np.testing.assert_array_equal(pair.training, data.train.pictures(np.array([place]))[0])
        assert pair.prompt in data.train.captions[place]


def test_a_painter_that_lacks_half_of_the_species_is_found_with_their_names(measure: Measure) -> None:
    found = measure(HalfMissing())
    assert faults(found) == faults(found, "train") == {MISSING}
    assert "missing_modes.species" in named(found, MISSING)
    sentence = next(f.sentence for f in found.findings if f.split == "test")
    assert "50% of all values of species are hardly ever painted: iris, rose" in sentence
    assert figure(found, "label_accuracy.color").value > 0.9
    table = next(table for table in found.tables if (table.field, table.split) == ("species", "test"))
    rows = {row.value: row for row in table.rows()}
    assert (rows["rose"].painted, rows["rose"].confused_with) == (0, "daisy")
    assert rows["tulip"].painted > 0.9 < rows["rose"].real


@pytest.mark.parametrize(("painter", "fault"), [(Blurred(), "blur"), (Noisy(), "noise")], ids=["blurs", "adds noise"])
def test_a_painter_that_blurs_or_adds_noise_is_found_by_sharpness(
    measure: Measure, painter: Honest, fault: str
) -> None:
    found = measure(painter)
    assert faults(found) == faults(found, "train") == {fault}
    assert named(found, fault) == {"sharpness"}


class Remembering(Honest):
    """Honest, and records its prompts and seeds."""

    def __init__(self) -> None:
        self.painted: list[tuple[str, int]] = []

    def paint_arrays(self, prompts: Sequence[str], seeds: Sequence[int]) -> UInt8Array:
        self.painted += zip(prompts, seeds, strict=True)
        return super().paint_arrays(prompts, seeds)


def test_several_sets_of_seeds_give_the_mean_and_its_spread(
    cache: Path, data: EvaluationData, reader: Classifier
) -> None:
    painter = Remembering()
    found = evaluate(painter, data, [reader], Plan(30, generations=2, first_seed=2**32 - 40), cache=cache)
    distance = figure(found, "frechet_distance")
    assert distance.spread is not None
    assert distance.spread > 0
    assert {each.seed for each in found.figures if not each.metric.of_real} == {2**32 - 40}
    assert distance.n == 30
    assert {2**32 - 40, 2**32 - 1, 0, 19} <= {seed for _, seed in painter.painted}
    alone = [
        evaluate(Honest(), data, [reader], Plan(30, first_seed=first), cache=cache)
        for first in (2**32 - 40, 2**32 - 10)
    ]
    values = [figure(one, "frechet_distance").value for one in alone]
    assert distance.value == pytest.approx(np.mean(values))
    assert distance.spread == pytest.approx(np.std(values, ddof=1))


def test_the_same_painter_gets_the_same_figures_and_leaves_nothing_but_real_features(
    measure: Measure, honest: Evaluation, cache: Path
) -> None:
    assert measure(Honest()).figures == honest.figures
    assert {path.suffix for path in (cache / "features").iterdir() if path.name != ".lock"} == {".npy"}


class Counting:
    """A classifier that counts the pictures that pass through it."""

    kind = "inception"

    def __init__(self, classifier: Classifier) -> None:
        self._classifier, self.passed = classifier, 0
        self.name, self.key, self.width = "counting", "counting", classifier.width

    def features(self, pictures: UInt8Array) -> FloatArray:
        self.passed += len(pictures)
        return self._classifier.features(pictures)


def test_features_of_real_pictures_are_computed_once_for_all_evaluations(
    cache: Path, data: EvaluationData, reader: Classifier
) -> None:
    counts = []
    for _ in range(2):
        counting = Counting(reader)
        evaluate(Honest(), data, [counting], Plan(30), cache=cache)
        counts.append(counting.passed)
    assert counts[0] - counts[1] == data.train.count + data.test.count


def test_joint_accuracy_finds_labels_that_are_never_painted_together(
    cache: Path, data: EvaluationData, reader: Classifier, honest: Evaluation
) -> None:
    name = "joint_label_accuracy.color.species"
    right = figure(honest, name)
    assert right.value == pytest.approx(right.real, abs=0.15) and right.chance == pytest.approx(1 / 12, abs=0.03)
    found = evaluate(Apart(), replace(data, zero_shot=replace(data.test, split="zero-shot")), [reader], cache=cache)
    for split in ("test", "zero-shot"):
        for field in ("color", "species"):
            assert figure(found, f"label_accuracy.{field}", split=split).value == pytest.approx(0.5, abs=0.15)
        assert figure(found, name, split=split).value < 0.1


def test_every_figure_has_its_protocol(honest: Evaluation, reader: Classifier) -> None:
    assert {each.split for each in honest.figures} == {"test", "train"}
    for each in honest.figures:
        assert each.extractor in (reader.name, "pixels")
        assert len(each.protocol) > 40
        assert each.n > 0
        assert each.metric.better is not None or each.metric.of_real


def test_the_order_of_prompts_is_that_of_the_real_pictures(data: EvaluationData) -> None:
    painted = paint_split(Honest(), data.test, Plan(12, first_seed=7))
    assert painted.seeds == tuple(range(7, 19))
    assert all(len(request.named) == 2 for request in painted.requests)
    assert painted.pictures(np.array([3, 1])).shape == (2, SIZE, SIZE, 3)
    np.testing.assert_array_equal(painted.pictures(np.array([3, 1]))[1], painted.pictures(np.arange(4))[1])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda test: replace(test, size=32), "[16, 32] px a side"),
        (lambda test: replace(test, names=(), captions=(), labels=()), "there are no test pictures to measure with"),
        (lambda test: replace(test, captions=((),) * test.count), "some of the real pictures have captions"),
    ],
)
def test_splits_that_do_not_belong_together_are_refused(
    data: EvaluationData, cache: Path, change: Callable[[RealPictures], RealPictures], reason: str
) -> None:
    with pytest.raises(InvalidRequest) as problem:
        evaluate(Honest(), replace(data, test=change(data.test)), [], cache=cache)
    assert reason in str(problem.value)


class Unwell(Honest):
    """One whose device fails."""

    def paint_arrays(self, prompts: Sequence[str], seeds: Sequence[int]) -> UInt8Array:
        raise OSError(5, "the device is gone")


def test_an_error_of_the_painter_is_not_reported_as_one_of_the_cache(data: EvaluationData, cache: Path) -> None:
    with pytest.raises(OSError, match="the device is gone"):
        evaluate(Unwell(), data, [], Plan(10), cache=cache)


def test_a_cache_that_cannot_be_written_is_an_error_of_the_data(data: EvaluationData, tmp_path: Path) -> None:
    (tmp_path / "features").write_bytes(b"a file where a folder should be")
    with pytest.raises(DataError, match="cannot be written"):
        evaluate(Honest(), data, [], Plan(10), cache=tmp_path)
