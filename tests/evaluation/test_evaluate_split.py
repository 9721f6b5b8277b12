"""One split: what is compared, what is only matched with its prompts, and whose closest pairs are reported."""

from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from tests.evaluation.flower_painters import Honest

from painting.data.prepared import PreparedSet
from painting.evaluation.evaluate import Plan, paint_split
from painting.evaluation.evaluate_split import EvaluationContext, PaintedSplit, SplitEvaluation, evaluate_split
from painting.evaluation.extractors.base import Extractor
from painting.evaluation.extractors.classifier import Classifier
from painting.evaluation.extractors.pixels import Pixels
from painting.evaluation.reference import EvaluationData, RealPictures, real_photographs


@pytest.fixture(scope="module")
def data(train: PreparedSet, held_out: PreparedSet) -> EvaluationData:
    return EvaluationData(real_photographs(train, "train"), real_photographs(held_out, "test"))


@pytest.fixture
def context(data: EvaluationData, classifier: Classifier, tmp_path: Path) -> EvaluationContext:
    return EvaluationContext(data, [classifier, Pixels()], tmp_path, tmp_path, Mock())


def evaluated(context: EvaluationContext, reals: RealPictures, pictures: int = 30) -> SplitEvaluation:
    return evaluate_split(context, reals, paint_split(Honest(), reals, Plan(pictures)))


def ids(result: SplitEvaluation) -> set[str]:
    return {figure.id for figure in result.figures}


def test_the_test_split_has_figures_of_every_kind_and_the_closest_pairs(
    context: EvaluationContext, data: EvaluationData
) -> None:
    result = evaluated(context, data.test)
    wanted = {"sharpness", "label_accuracy.species", "frechet_distance", "memorization_rate", "ms_ssim_within_class"}
    assert wanted | {"diversity_per_prompt", "ms_ssim_per_prompt"} <= ids(result)
    assert {table.field for table in result.tables} == {"color", "species"}
    assert len(result.closest) == 20 and result.notes == []
    assert {figure.n for figure in result.figures if figure.id == "kid"} == {30}


def test_prompts_of_the_training_split_are_not_painted_again(context: EvaluationContext, data: EvaluationData) -> None:
    found = ids(evaluated(context, data.train))
    assert "ms_ssim_within_class" in found
    assert not {"diversity_per_prompt", "ms_ssim_per_prompt"} & found


def test_zero_shot_pairs_are_matched_with_their_prompts_alone(context: EvaluationContext, data: EvaluationData) -> None:
    result = evaluated(context, replace(data.test, split="zero-shot"))
    fidelity = {"label_accuracy.color", "label_accuracy.species", "alignment", "r_precision"}
    assert fidelity | {"joint_label_accuracy.color.species"} <= ids(result)
    assert not {"frechet_distance", "recall", "c_t", "memorization_rate", "ms_ssim_within_class"} & ids(result)
    assert result.closest == [] and result.notes == []


@pytest.mark.parametrize(("painted", "training"), [(9, 96), (30, 9)])
def test_too_few_painted_or_training_pictures_to_compare_are_a_note(
    context: EvaluationContext, data: EvaluationData, painted: int, training: int
) -> None:
    train = data.train
    few = replace(
        train, names=train.names[:training], captions=train.captions[:training], labels=train.labels[:training]
    )
    result = evaluated(replace(context, data=replace(data, train=few)), data.test, painted)
    assert not {"kid", "frechet_distance"} & ids(result)
    assert result.notes == ["9 pictures are too few to compare test pictures with: 10 are needed"]


def test_real_pictures_are_those_that_the_prompts_came_from(data: EvaluationData) -> None:
    painted = paint_split(Honest(), data.test, Plan(6, first_seed=5))
    real_ids = np.arange(0, 60, 10)
    split = PaintedSplit(data.test, painted, real_ids, Mock(), data.test.count)
    assert split.seed == 5 and not split.comparable
    np.testing.assert_array_equal(split.real_pictures(np.array([2, 0])), data.test.pictures(np.array([20, 0])))


def test_the_closest_pairs_are_those_of_the_extractor_of_the_lowest_rank(data: EvaluationData, tmp_path: Path) -> None:
    def named(kind: str) -> Extractor:
        extractor = Mock(kind=kind)
        extractor.name = f"a {kind}"
        return extractor

    def chosen(*kinds: str) -> str:
        extractors = [named(kind) for kind in kinds]
        return EvaluationContext(data, extractors, tmp_path, tmp_path, Mock()).closest_pair_extractor

    assert chosen("classifier", "efficientnet", "pixels") == "a efficientnet"
    assert chosen("clip", "dinov2") == "a dinov2"
    assert chosen("pixels") == ""
