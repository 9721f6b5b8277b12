from pathlib import Path

import numpy as np
import pytest

from painting.data.prepared import PreparedSet
from painting.errors import DataError
from painting.evaluation.extractors.base import MatchesText, NamesClasses, ReadsLabels
from painting.evaluation.extractors.classifier import TENSORS, Probe, ProbeSettings, fields_of, key_of, load_probe
from painting.evaluation.prompts import Request


def test_attributes_are_parted_by_field() -> None:
    places = fields_of(["color=blue", "color=red", "species=tiger=lily"])
    assert {field: of_field.tolist() for field, of_field in places.items()} == {"color": [0, 1], "species": [2]}


def test_it_reads_pictures_that_it_has_not_seen(probe: Probe, held_out: PreparedSet) -> None:
    readings = probe.read(held_out.pictures(np.arange(60)))
    for field in ("species", "color"):
        assert np.mean([e.labels[field] == r for e, r in zip(held_out.examples, readings[field], strict=True)]) > 0.9


def test_readings_are_the_likeliest_and_probabilities_sum_to_one(probe: Probe, held_out: PreparedSet) -> None:
    pictures = held_out.pictures(np.arange(20))
    probabilities, readings = probe.probabilities(pictures), probe.read(pictures)
    assert probabilities["species"].shape == (20, 2)
    for field, rows in probabilities.items():
        np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-5)
        assert [probe.values(field)[best] for best in rows.argmax(axis=1)] == readings[field]
    assert probe.values("species") == ["daisy", "tulip"]


def test_probes_keep_the_names_that_cards_cite() -> None:
    assert key_of(ProbeSettings(), "pictures") == "40b7688332175ce74fa87ac083c7c9b4"
    assert key_of(ProbeSettings(varied="warped"), "pictures") != key_of(ProbeSettings(), "pictures")


def test_features_do_not_depend_on_the_batch(
    probe: Probe, held_out: PreparedSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = held_out.pictures(np.arange(10))
    together = probe.features(pictures)
    monkeypatch.setattr("painting.evaluation.extractors.classifier.BATCH", 3)
    assert together.shape == (10, 32)
    assert together.dtype == np.float32
    np.testing.assert_allclose(probe.features(pictures), together, atol=1e-5)


def test_no_pictures_have_no_features(probe: Probe) -> None:
    assert probe.features(np.zeros((0, 16, 16, 3), np.uint8)).shape == (0, 32)


def test_a_kept_probe_comes_back_the_same(
    probe: Probe, tiny_settings: ProbeSettings, held_out: PreparedSet, tmp_path: Path
) -> None:
    probe.save(tmp_path)
    kept = load_probe(tmp_path, tiny_settings, probe.content_hash)
    assert kept is not None
    assert kept.name == probe.name
    pictures = held_out.pictures(np.arange(20))
    np.testing.assert_allclose(kept.features(pictures), probe.features(pictures), atol=1e-5)
    assert kept.read(pictures) == probe.read(pictures)


def test_other_settings_or_pictures_make_another_probe(probe: Probe, tmp_path: Path) -> None:
    probe.save(tmp_path)
    assert load_probe(tmp_path, ProbeSettings(), probe.content_hash) is None
    assert load_probe(tmp_path, probe.settings, "other pictures") is None
    assert Probe(ProbeSettings(), probe.attributes, probe.content_hash).name != probe.name


def test_a_damaged_probe_is_no_probe_and_can_be_replaced(probe: Probe, tmp_path: Path) -> None:
    probe.save(tmp_path)
    tensors = tmp_path / probe.key / TENSORS
    tensors.write_bytes(tensors.read_bytes()[:100])
    assert load_probe(tmp_path, probe.settings, probe.content_hash) is None
    probe.save(tmp_path)
    assert load_probe(tmp_path, probe.settings, probe.content_hash) is not None
    assert [path.name for path in tmp_path.iterdir()] == [probe.key]


def test_a_cache_that_cannot_be_written_is_said(probe: Probe, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="cannot be written"):
        probe.save(tmp_path / "file")


def test_it_is_an_extractor_that_names_classes_reads_labels_and_matches_text(probe: Probe) -> None:
    assert isinstance(probe, NamesClasses)
    assert isinstance(probe, ReadsLabels)
    assert isinstance(probe, MatchesText)


def test_its_classes_are_the_values_of_the_largest_field(probe: Probe, held_out: PreparedSet) -> None:
    features = probe.features(held_out.pictures(np.arange(10)))
    found = probe.class_probabilities(features)
    np.testing.assert_allclose(found, probe.field_probabilities(features)["color"])  # three colours, two species
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-5)


def test_similarity_is_how_likely_what_a_request_names_is(probe: Probe, held_out: PreparedSet) -> None:
    features = probe.features(held_out.pictures(np.arange(10)))
    likely = probe.field_probabilities(features)
    asked = [
        Request("a red daisy", {"species": "daisy", "color": "red"}, {}),
        Request("a tulip", {"species": "tulip", "color": "mauve"}, {}),
        Request("a flower", {}, {}),
    ]
    vectors = probe.request_vectors(asked)
    assert not vectors[2].any()
    found = probe.similarity(features, np.stack([vectors] * 10))
    red, daisy, tulip = (
        likely[field][:, probe.values(field).index(value)]
        for field, value in (("color", "red"), ("species", "daisy"), ("species", "tulip"))
    )
    np.testing.assert_allclose(found[:, 0], (red + daisy) / 2, rtol=1e-5)
    np.testing.assert_allclose(found[:, 1], tulip, rtol=1e-5)  # nobody knows what mauve looks like
    np.testing.assert_array_equal(found[:, 2], 0)
