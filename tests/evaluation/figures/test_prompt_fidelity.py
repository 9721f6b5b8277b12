"""What any reader of labels reads off pictures, counted against what their prompts name."""

import numpy as np
import pytest

from painting.evaluation.extractors.base import LabelPredictor
from painting.evaluation.figures.distribution import FeatureSample
from painting.evaluation.figures.prompt_fidelity import (
    MIN_PROMPTS,
    joint_accuracy_figure,
    label_accuracy_figure,
    label_confusions,
    missing_modes_figure,
)
from painting.evaluation.prompts import Request
from painting.images import FloatArray, UInt8Array

VALUES = {"color": ["red", "white"], "species": ["rose", "tulip"]}
RED_ROSE, RED_TULIP, WHITE_ROSE, WHITE_TULIP = range(4)


class Careful:
    """Reads features (N, 4) that say how likely red, white, roses and tulips are."""

    kind = "efficientnet"
    name, key, width = "careful", "careful", 4
    fields, predictor = ("color", "species"), "a careful reader"

    def features(self, pictures: UInt8Array) -> FloatArray:
        raise NotImplementedError

    def values(self, field: str) -> list[str]:
        return VALUES[field]

    def field_probabilities(self, features: FloatArray) -> dict[str, FloatArray]:
        return {"color": features[:, :2], "species": features[:, 2:]}


def showing(*kinds: int) -> FloatArray:
    """The features of pictures of these kinds."""
    return np.concatenate([np.eye(2)[np.array(kinds) // 2], np.eye(2)[np.array(kinds) % 2]], axis=1, dtype=np.float32)


def sample(painted: FloatArray, real: FloatArray) -> FeatureSample:
    return FeatureSample(Careful(), "test", 3, painted, real, (real, real), "others", (real, real))


def request(color: str, species: str = "") -> Request:
    named = {"color": color} | ({"species": species} if species else {})
    return Request(f"a {color} {species or 'flower'}", named, named)


REQUESTS = [request("red", "rose")] * 6 + [request("white", "tulip")] * 6
REAL = showing(*[RED_ROSE] * 6, *[WHITE_TULIP] * 6)


def test_a_classifier_has_a_confusion_matrix_for_each_field() -> None:
    painted = showing(*[RED_ROSE] * 4, *[RED_TULIP] * 2, *[WHITE_TULIP] * 3, *[RED_TULIP] * 3)
    assert isinstance(Careful(), LabelPredictor)
    color, species = label_confusions(Careful(), sample(painted, REAL), REQUESTS)
    assert (color.field, color.painted.tolist()) == ("color", [[6, 0], [3, 3]])
    assert (species.field, species.painted.tolist()) == ("species", [[4, 2], [0, 6]])
    assert color.real.tolist() == species.real.tolist() == [[6, 0], [0, 6]]
    assert {(table.extractor, table.predictor, table.split) for table in (color, species)} == {
        ("careful", "a careful reader", "test")
    }


def test_a_field_that_few_prompts_name_has_no_table() -> None:
    few = [request("red")] * (12 - MIN_PROMPTS + 1) + [request("red", "rose")] * (MIN_PROMPTS - 1)
    assert [table.field for table in label_confusions(Careful(), sample(REAL, REAL), few)] == ["color"]


def test_joint_accuracy_counts_pictures_with_all_labels_of_their_prompt() -> None:
    painted = showing(*[RED_ROSE] * 3, *[RED_TULIP] * 3, *[WHITE_TULIP] * 6)
    figure = joint_accuracy_figure(Careful(), sample(painted, REAL), REQUESTS)
    assert figure is not None
    assert (figure.id, figure.extractor, figure.n) == ("joint_label_accuracy.color.species", "careful", 12)
    assert (figure.value, figure.real) == (9 / 12, 1)
    assert figure.chance == pytest.approx((6 * 3 + 6 * 6) / 12**2)
    assert "in which a careful reader reads all of them" in figure.protocol


def test_prompts_that_name_a_part_of_the_labels_have_no_joint_accuracy() -> None:
    asked = [*REQUESTS, *[request("white")] * 8]
    features = np.concatenate([REAL, showing(*[RED_ROSE] * 8)])
    figure = joint_accuracy_figure(Careful(), sample(features, features), asked)
    assert figure is not None
    assert (figure.n, figure.value) == (12, 1)
    assert (
        joint_accuracy_figure(Careful(), sample(REAL, REAL), [*REQUESTS[: MIN_PROMPTS - 1], *[request("red")] * 3])
        is None
    )


def test_label_accuracy_stands_beside_that_of_real_pictures_and_chance() -> None:
    painted = showing(*[RED_ROSE] * 4, *[RED_TULIP] * 2, *[WHITE_TULIP] * 6)
    given = sample(painted, REAL)
    species = label_confusions(Careful(), given, REQUESTS)[1]
    figure = label_accuracy_figure(species, given)
    assert (figure.id, figure.name, figure.seed) == ("label_accuracy.species", "species accuracy", 3)
    assert (figure.value, figure.real, figure.n) == (10 / 12, 1, 12)
    assert figure.chance == pytest.approx((6 * 4 + 6 * 8) / 12**2)
    assert "the share in which a careful reader reads the species of the prompt" in figure.protocol


def test_missing_modes_are_the_share_of_values_that_are_hardly_read() -> None:
    given = sample(showing(*[RED_ROSE] * 6, *[WHITE_ROSE] * 6), REAL)
    species = label_confusions(Careful(), given, REQUESTS)[1]
    figure = missing_modes_figure(species, given)
    assert (figure.id, figure.name) == ("missing_modes.species", "missing modes (species)")
    assert (figure.value, figure.real, figure.n) == (0.5, 0, 12)
