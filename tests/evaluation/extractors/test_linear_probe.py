"""What a linear layer reads off features: planted labels all, noise none."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from painting.evaluation.extractors.base import ClassPredictor, Extractor, LabelPredictor
from painting.evaluation.extractors.linear_probe import LinearProbe
from painting.images import FloatArray, UInt8Array

WIDTH = 24
SPECIES, COLORS = ("daisy", "rose", "tulip"), ("red", "white")

Labels = Sequence[Mapping[str, str]]


class Reds:
    """An extractor whose features are the reds of a picture's first row."""

    kind = "efficientnet"
    name, key, width = "reds", "reds-1", WIDTH

    def features(self, pictures: UInt8Array) -> FloatArray:
        return pictures[:, 0, :, 0].astype(np.float32)


def planted(count: int, seed: int) -> tuple[FloatArray, list[dict[str, str]]]:
    """Features (count, WIDTH) of noise; the first three numbers encode the species, the next two the colour."""
    draws = np.random.default_rng(seed)
    species, color = draws.integers(0, 3, count), draws.integers(0, 2, count)
    features = draws.normal(0, 1, (count, WIDTH)).astype(np.float32)
    features[np.arange(count), species] += 12
    features[np.arange(count), 3 + color] += 12
    return features, [{"species": SPECIES[s], "color": COLORS[c]} for s, c in zip(species, color, strict=True)]


def right(reader: LinearProbe, features: FloatArray, labels: Labels, field: str) -> float:
    """The share of pictures whose likeliest value is what they are labelled with."""
    likeliest = reader.field_probabilities(features)[field].argmax(axis=1)
    return float(
        np.mean([reader.values(field)[best] == label[field] for best, label in zip(likeliest, labels, strict=True)])
    )


def test_planted_labels_are_read_off_pictures_that_it_was_not_fitted_on() -> None:
    reader = LinearProbe.fit(Reds(), *planted(120, 0))
    assert tuple(reader.fields) == ("color", "species")
    assert reader.values("species") == list(SPECIES)
    features, labels = planted(200, 1)
    assert right(reader, features, labels, "species") == right(reader, features, labels, "color") == 1


def test_labels_of_noise_are_read_no_better_than_by_chance() -> None:
    features, _ = planted(2100, 0)
    labels = [{"lot": str(lot)} for lot in np.random.default_rng(5).integers(0, 4, 2100)]
    reader = LinearProbe.fit(Reds(), features[:100], labels[:100])
    assert right(reader, features[:100], labels[:100], "lot") > 0.5  # it has learned them by heart,
    assert right(reader, features[100:], labels[100:], "lot") == pytest.approx(0.25, abs=0.04)  # and nothing else


def test_probabilities_of_each_field_sum_to_one() -> None:
    reader = LinearProbe.fit(Reds(), *planted(60, 0))
    likely = reader.field_probabilities(planted(10, 1)[0])
    assert {field: rows.shape for field, rows in likely.items()} == {"color": (10, 2), "species": (10, 3)}
    for rows in likely.values():
        np.testing.assert_allclose(rows.sum(axis=1), 1, rtol=1e-5)


def test_features_that_say_nothing_give_each_value_its_share_of_the_pictures() -> None:
    labels = [{"color": "red"}] * 6 + [{"color": "white"}] * 2
    reader = LinearProbe.fit(Reds(), np.ones((8, WIDTH), np.float32), labels)
    likely = reader.field_probabilities(np.ones((1, WIDTH), np.float32))["color"]
    np.testing.assert_allclose(likely, [[0.75, 0.25]], atol=1e-3)


def test_the_unit_of_a_feature_does_not_matter() -> None:
    features, labels = planted(60, 0)
    unit = np.geomspace(0.1, 1000, WIDTH).astype(np.float32)
    one, other = LinearProbe.fit(Reds(), features, labels), LinearProbe.fit(Reds(), unit * features, labels)
    likely, again = one.field_probabilities(features), other.field_probabilities(unit * features)
    np.testing.assert_allclose(again["species"], likely["species"], atol=1e-3)


def test_a_field_that_some_pictures_lack_is_learned_from_the_others() -> None:
    features, labels = planted(120, 0)
    features[60:, 3:5] = 0  # neither red nor white
    reader = LinearProbe.fit(
        Reds(), features, [*labels[:60], *({"species": label["species"]} for label in labels[60:])]
    )
    assert (reader.values("color"), reader.values("species")) == (list(COLORS), list(SPECIES))
    unseen, theirs = planted(100, 1)
    assert right(reader, unseen, theirs, "color") == right(reader, unseen, theirs, "species") == 1
    alone = LinearProbe.fit(Reds(), features[:60], [{"color": label["color"]} for label in labels[:60]])
    np.testing.assert_array_equal(
        reader.field_probabilities(unseen)["color"], alone.field_probabilities(unseen)["color"]
    )


def test_a_field_of_one_labelled_picture_can_be_nothing_else() -> None:
    features, labels = planted(20, 0)
    reader = LinearProbe.fit(Reds(), features, [{**labels[0], "place": "garden"}, *labels[1:]])
    np.testing.assert_array_equal(reader.field_probabilities(features)["place"], np.ones((20, 1)))


def test_of_very_many_pictures_some_are_taken_evenly_spread(monkeypatch: pytest.MonkeyPatch) -> None:
    features, _ = planted(20, 0)
    monkeypatch.setattr("painting.evaluation.extractors.linear_probe.MAX_FITTED_IMAGES", 5)
    reader = LinearProbe.fit(Reds(), features, [{"place": f"{place:02}"} for place in range(20)])
    assert reader.values("place") == ["00", "04", "08", "12", "16"]


def test_it_is_its_extractor_that_reads_labels_too() -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (4, 2, WIDTH, 3), np.uint8)
    reader, bare = LinearProbe.fit(Reds(), *planted(20, 0)), Reds()
    assert isinstance(reader, Extractor) and isinstance(reader, LabelPredictor)
    assert not isinstance(reader, ClassPredictor) and not isinstance(bare, LabelPredictor)
    assert (reader.kind, reader.name, reader.key, reader.width) == (bare.kind, bare.name, bare.key, bare.width)
    np.testing.assert_array_equal(reader.features(pictures), bare.features(pictures))
    assert reader.predictor == "a linear layer on the features of reds, fitted on the training pictures,"
