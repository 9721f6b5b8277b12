import numpy as np

from painting.evaluation.label_matching import Labels, class_fields, match_by_labels
from painting.evaluation.metrics.kid import kid
from painting.images import FloatArray

CLASS_COUNT = 5
CLASS_SIZE = 40


def even(count: int) -> list[Labels]:
    return [{"species": f"species {place % CLASS_COUNT}", "name": str(place)} for place in range(count)]


def features(labels: list[Labels], seed: int) -> FloatArray:
    """Features that lie around a point of each class."""
    centers = {f"species {kind}": 4 * np.eye(16)[kind] for kind in range(CLASS_COUNT)}
    around = np.random.default_rng(seed).normal(0, 1, (len(labels), 16))
    return np.asarray(around + [centers[of_picture["species"]] for of_picture in labels], np.float32)


def test_pictures_are_matched_with_others_of_their_class_each_once() -> None:
    ours, theirs = even(60), even(200)[::-1]
    found = match_by_labels(ours, theirs)
    assert found.indices.tolist() == list(range(60))
    assert len(set(found.other_indices.tolist())) == 60
    assert all(
        ours[a]["species"] == theirs[b]["species"] for a, b in zip(found.indices, found.other_indices, strict=True)
    )
    assert found.shared_labels == "of the same species"


def test_a_class_that_the_others_lack_has_no_match() -> None:
    theirs = [of_picture for of_picture in even(100) if of_picture["species"] != "species 0"]
    found = match_by_labels(even(100), theirs)
    assert len(found.indices) == 80 and not (found.indices % CLASS_COUNT == 0).any()


def test_classes_are_defined_by_fewer_fields_where_most_would_have_no_match() -> None:
    ours = [of_picture | {"color": "red" if place < 50 else "blue"} for place, of_picture in enumerate(even(100))]
    assert match_by_labels(ours, ours).shared_labels == "of the same species and color"
    green = [of_picture | {"color": "green"} for of_picture in ours]
    assert match_by_labels(ours, green).shared_labels == "of the same species"
    assert (match_by_labels(ours, [{}] * 30).shared_labels, len(match_by_labels(ours, [{}] * 30).indices)) == ("", 30)


def test_without_labels_every_picture_matches_every_other() -> None:
    found = match_by_labels([{}] * 40, [{}] * 25)
    assert len(found.indices) == 25
    assert sorted(found.other_indices.tolist()) == list(range(25))
    assert found.shared_labels == ""


def test_the_same_seed_matches_alike_and_another_otherwise() -> None:
    first, again, different = (match_by_labels(even(60), even(200), seed).other_indices.tolist() for seed in (0, 0, 1))
    assert first == again != different


def test_class_fields_have_ten_pictures_for_each_value_and_the_most_values_first() -> None:
    labels = [{"color": "rb"[index // 3 % 2], "species": "abc"[index % 3]} for index in range(60)]
    assert class_fields(labels) == ["species", "color"]
    assert class_fields([{}]) == []


def test_fields_that_name_pictures_define_no_class() -> None:
    assert class_fields(even(60)) == ["species"]


def test_the_floor_of_evenly_composed_samples_is_about_0_only_where_classes_are_matched() -> None:
    labels = even(CLASS_COUNT * CLASS_SIZE)
    plain, matched = [], []
    for seed in range(12):
        one, other = features(labels, seed), features(labels, 100 + seed)
        pairs = match_by_labels(labels, labels, seed)
        plain.append(1000 * kid(one, other))
        matched.append(1000 * kid(one[pairs.indices], other[pairs.other_indices], paired=True))
    assert max(plain) < 0
    assert abs(np.mean(matched)) < 3 * np.std(matched, ddof=1) / np.sqrt(len(matched))
    assert abs(np.mean(matched)) < 0.2 * abs(np.mean(plain))
    assert min(matched) < 0 < max(matched)
