"""Faults that are planted in painters of digits are found by the right figure."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from painting.data.digits.dataset import Digits
from painting.evaluation.evaluate import Evaluation, Plan, evaluate
from painting.evaluation.extractors.classifier_training import train_classifier
from painting.evaluation.extractors.linear_probe import LinearProbe
from painting.evaluation.figure import Figure
from painting.evaluation.figures.digits import (
    DIGIT_CLASSIFIER,
    class_shares,
    commonest_class_share,
    confident_share,
    rarest_class_share,
)
from painting.evaluation.reference import EvaluationData, real_digits
from painting.images import FloatArray, UInt8Array

pytestmark = pytest.mark.slow

COUNT = 400
CONFIDENT, RAREST, COMMONEST = (
    "confident_share.digit",
    "rarest_class_share.digit",
    "commonest_class_share.digit",
)
FRECHET = "frechet_distance"

Paint = Callable[[list[int]], UInt8Array]
Measure = Callable[[Paint], Evaluation]


class FakePainter:
    """Paints without prompts."""

    def __init__(self, paint: Paint) -> None:
        self.paint = paint

    def paint_arrays(self, prompts: Sequence[str], seeds: Sequence[int]) -> UInt8Array:
        assert list(prompts) == []
        return self.paint(list(seeds))


@pytest.fixture(scope="module")
def train() -> Digits:
    return Digits(split="train")


@pytest.fixture(scope="module")
def measure(train: Digits, tmp_path_factory: pytest.TempPathFactory) -> Measure:
    reader = train_classifier(train, replace(DIGIT_CLASSIFIER, images=12_000, learning_rate=4e-3))
    data = EvaluationData(real_digits(train, "train"), real_digits(Digits(split="test"), "test"))
    cache = tmp_path_factory.mktemp("cache")
    return lambda paint: evaluate(FakePainter(paint), data, [reader], Plan(COUNT), cache=cache)


def figures(evaluation: Evaluation) -> dict[str, Figure]:
    """The test split's figures by the reader."""
    return {f.id: f for f in evaluation.figures if f.split == "test" and f.extractor.startswith("classifier-")}


def test_real_digits_are_classified_with_confidence_and_all_are_there(measure: Measure, train: Digits) -> None:
    found = measure(lambda seeds: train.pictures(np.array(seeds) + 4000))
    by_id = figures(found)
    assert by_id[CONFIDENT].value > 0.75
    assert by_id[CONFIDENT].value == pytest.approx(by_id[CONFIDENT].real, abs=0.05)
    assert 0.05 < by_id[RAREST].value <= 0.1 <= by_id[COMMONEST].value < 0.15
    assert by_id[FRECHET].value < 2 * (by_id[FRECHET].real or 0)
    assert by_id[CONFIDENT].n == COUNT
    assert {finding.fault for finding in found.findings} == {"memorization"}  # which these are
    assert not {"alignment", "label_accuracy.digit", "r_precision"} & set(by_id)
    assert found.tables == []
    (alike,) = (f for f in found.figures if f.id == "ms_ssim_within_class" and f.split == "test")
    assert "pairs of pictures of any kind" in alike.protocol
    assert alike.value == pytest.approx(alike.real, abs=0.05)


def test_a_painter_that_paints_only_ones_is_found_by_the_class_shares(measure: Measure, train: Digits) -> None:
    ones = np.flatnonzero(train.labels(np.arange(train.count)) == 1)
    found = measure(lambda seeds: train.pictures(ones[np.array(seeds) % len(ones)]))
    by_id = figures(found)
    assert by_id[CONFIDENT].value > 0.75
    assert by_id[RAREST].value == 0
    assert by_id[COMMONEST].value > 0.9
    assert by_id[FRECHET].value > 10 * (by_id[FRECHET].real or 0)
    finding = next(f for f in found.findings if (f.fault, f.split) == ("missing_modes", "test"))
    assert "90% of all values of digit are hardly ever painted: 0, 2, 3" in finding.sentence


def test_a_painter_that_never_paints_a_four_is_found_by_the_rarest_class(measure: Measure, train: Digits) -> None:
    others = np.flatnonzero(train.labels(np.arange(train.count)) != 4)
    assert figures(measure(lambda seeds: train.pictures(others[seeds])))[RAREST].value < 0.02


def test_one_picture_for_all_seeds_is_found_as_an_ignored_latent(measure: Measure, train: Digits) -> None:
    found = measure(lambda seeds: train.pictures(np.zeros(len(seeds), np.int64)))
    assert "ignored_latent" in {finding.fault for finding in found.findings}


@pytest.mark.parametrize("spread", [25, 255])
def test_noise_is_not_taken_for_digits(measure: Measure, spread: int) -> None:
    by_id = figures(measure(lambda s: np.random.default_rng(1).integers(0, spread, (len(s), 28, 28, 3), np.uint8)))
    assert by_id[COMMONEST].value > 0.3 or by_id[CONFIDENT].value < 0.5
    assert by_id[FRECHET].value > 10 * (by_id[FRECHET].real or 0)


def test_digits_blended_with_others_are_classified_with_less_confidence(measure: Measure, train: Digits) -> None:
    def mixed(seeds: list[int]) -> UInt8Array:
        first, second = (train.pictures(np.array(seeds) + start) // 2 for start in (0, COUNT))
        blended: UInt8Array = first + second
        return blended

    by_id = figures(measure(mixed))
    assert by_id[CONFIDENT].value < (by_id[CONFIDENT].real or 0) - 0.3


def test_a_figure_as_json_has_classifier_and_protocol(measure: Measure, train: Digits) -> None:
    by_id = figures(measure(lambda seeds: train.pictures(np.array(seeds))))
    for name in (CONFIDENT, RAREST, COMMONEST):
        card = by_id[name].as_dict()
        assert card["extractor"].startswith("classifier-")
        assert "of 400 real test pictures right" in card["protocol"]


class Strokes:
    """Measures how bright 49 parts of a digit are."""

    kind = "efficientnet"
    name, key, width = "strokes", "strokes", 49

    def features(self, pictures: UInt8Array) -> FloatArray:
        parts: FloatArray = pictures[..., 0].reshape(-1, 7, 4, 7, 4).mean((2, 4)).reshape(-1, 49).astype(np.float32)
        return parts


def test_class_shares_are_of_the_classifier_alone_and_missing_modes_of_any_extractor_with_labels(
    train: Digits, tmp_path: Path
) -> None:
    reals, ones = real_digits(train, "train"), np.flatnonzero(train.labels(np.arange(train.count)) == 1)
    reader = LinearProbe.fit(Strokes(), Strokes().features(train.pictures(np.arange(1000))), reals.labels[:1000])
    data = EvaluationData(reals, real_digits(Digits(split="test"), "test"))
    found = evaluate(FakePainter(lambda seeds: train.pictures(ones[seeds])), data, [reader], Plan(100), cache=tmp_path)
    by_id = {figure.id: figure for figure in found.figures if (figure.extractor, figure.split) == ("strokes", "test")}
    assert by_id["missing_modes.digit"].value > 0.7
    assert not {"label_accuracy.digit", CONFIDENT, RAREST, COMMONEST} & set(by_id)


def test_class_shares_count_the_most_probable_and_confidence_its_probability() -> None:
    probabilities: FloatArray = np.array(
        [[0.95, 0.05, 0], [0.5, 0.4, 0.1], [0.04, 0.91, 0.05], [0.85, 0.1, 0.05]], np.float32
    )
    assert class_shares(probabilities).tolist() == [0.75, 0.25, 0]
    assert (rarest_class_share(probabilities), commonest_class_share(probabilities)) == (0, 0.75)
    assert confident_share(probabilities) == 0.5
