from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.damage import damage_file, each_damage

from painting.data.prepared import PreparedSet
from painting.errors import DataError
from painting.evaluation.extractors.base import ClassPredictor, LabelPredictor, TextMatcher
from painting.evaluation.extractors.classifier import (
    DESCRIPTION_FILE,
    WEIGHTS_FILE,
    Classifier,
    ClassifierSettings,
    key_of,
    load_classifier,
)
from painting.evaluation.prompts import Request


def test_it_reads_pictures_that_are_held_out(classifier: Classifier, held_out: PreparedSet) -> None:
    readings = classifier.predict(held_out.pictures(np.arange(60)))
    for field in ("species", "color"):
        assert np.mean([e.labels[field] == r for e, r in zip(held_out.examples, readings[field], strict=True)]) > 0.9


def test_readings_are_the_likeliest_and_probabilities_sum_to_one(classifier: Classifier, held_out: PreparedSet) -> None:
    pictures = held_out.pictures(np.arange(20))
    probabilities, readings = classifier.probabilities(pictures), classifier.predict(pictures)
    assert probabilities["species"].shape == (20, 2)
    for field, rows in probabilities.items():
        np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-5)
        assert [classifier.values(field)[best] for best in rows.argmax(axis=1)] == readings[field]
    assert classifier.values("species") == ["daisy", "tulip"]


def test_classifiers_keep_the_names_that_cards_cite() -> None:
    assert key_of(ClassifierSettings(), "pictures") == "40b7688332175ce74fa87ac083c7c9b4"
    assert key_of(ClassifierSettings(augmentation="warped"), "pictures") != key_of(ClassifierSettings(), "pictures")


def test_features_do_not_depend_on_the_batch(
    classifier: Classifier, held_out: PreparedSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = held_out.pictures(np.arange(10))
    together = classifier.features(pictures)
    monkeypatch.setattr("painting.evaluation.extractors.classifier.BATCH_SIZE", 3)
    assert together.shape == (10, 32)
    assert together.dtype == np.float32
    np.testing.assert_allclose(classifier.features(pictures), together, atol=1e-5)


def test_no_pictures_have_no_features(classifier: Classifier) -> None:
    assert classifier.features(np.zeros((0, 16, 16, 3), np.uint8)).shape == (0, 32)


def test_a_kept_classifier_comes_back_the_same(
    classifier: Classifier, tiny_settings: ClassifierSettings, held_out: PreparedSet, tmp_path: Path
) -> None:
    classifier.save(tmp_path)
    kept = load_classifier(tmp_path, tiny_settings, classifier.content_hash)
    assert kept is not None
    assert kept.name == classifier.name
    pictures = held_out.pictures(np.arange(20))
    np.testing.assert_allclose(kept.features(pictures), classifier.features(pictures), atol=1e-5)
    assert kept.predict(pictures) == classifier.predict(pictures)


def test_other_settings_or_pictures_make_another_classifier(classifier: Classifier, tmp_path: Path) -> None:
    classifier.save(tmp_path)
    assert load_classifier(tmp_path, ClassifierSettings(), classifier.content_hash) is None
    assert load_classifier(tmp_path, classifier.settings, "other pictures") is None
    assert Classifier(ClassifierSettings(), classifier.attributes, classifier.content_hash).name != classifier.name


@pytest.mark.parametrize("name", [WEIGHTS_FILE, DESCRIPTION_FILE])
@each_damage
def test_a_damaged_classifier_is_no_classifier_and_can_be_replaced(
    classifier: Classifier, tmp_path: Path, name: str, damage: Callable[[bytes], bytes]
) -> None:
    classifier.save(tmp_path)
    damage_file(tmp_path / classifier.key / name, damage)
    assert load_classifier(tmp_path, classifier.settings, classifier.content_hash) is None
    classifier.save(tmp_path)
    assert load_classifier(tmp_path, classifier.settings, classifier.content_hash) is not None
    assert [path.name for path in tmp_path.iterdir()] == [classifier.key]


def test_a_cache_that_cannot_be_written_is_said(classifier: Classifier, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="cannot be written"):
        classifier.save(tmp_path / "file")


def test_it_is_an_extractor_that_names_classes_reads_labels_and_matches_text(classifier: Classifier) -> None:
    assert isinstance(classifier, ClassPredictor)
    assert isinstance(classifier, LabelPredictor)
    assert isinstance(classifier, TextMatcher)


def test_its_classes_are_the_values_of_the_largest_field(classifier: Classifier, held_out: PreparedSet) -> None:
    features = classifier.features(held_out.pictures(np.arange(10)))
    found = classifier.class_probabilities(features)
    np.testing.assert_allclose(found, classifier.field_probabilities(features)["color"])  # three colours, two species
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-5)


def test_similarity_is_how_likely_what_a_request_names_is(classifier: Classifier, held_out: PreparedSet) -> None:
    features = classifier.features(held_out.pictures(np.arange(10)))
    likely = classifier.field_probabilities(features)
    requests = [
        Request("a red daisy", {"species": "daisy", "color": "red"}, {}),
        Request("a tulip", {"species": "tulip", "color": "mauve"}, {}),
        Request("a flower", {}, {}),
    ]
    vectors = classifier.request_vectors(requests)
    assert not vectors[2].any()
    found = classifier.similarity(features, np.stack([vectors] * 10))
    red, daisy, tulip = (
        likely[field][:, classifier.values(field).index(value)]
        for field, value in (("color", "red"), ("species", "daisy"), ("species", "tulip"))
    )
    np.testing.assert_allclose(found[:, 0], (red + daisy) / 2, rtol=1e-5)
    np.testing.assert_allclose(found[:, 1], tulip, rtol=1e-5)  # no caption of the set says mauve
    np.testing.assert_array_equal(found[:, 2], 0)
