import numpy as np

from painting.evaluation.label_matching import Labels, match, sorting_fields
from painting.evaluation.metrics.kid import kid
from painting.images import FloatArray

KINDS, EACH = 5, 40


def even(count: int) -> list[Labels]:
    return [{"species": f"species {place % KINDS}", "name": str(place)} for place in range(count)]


def features(labels: list[Labels], seed: int) -> FloatArray:
    """Features that lie around a point of each kind."""
    centers = {f"species {kind}": 4 * np.eye(16)[kind] for kind in range(KINDS)}
    around = np.random.default_rng(seed).normal(0, 1, (len(labels), 16))
    return np.asarray(around + [centers[of_one["species"]] for of_one in labels], np.float32)


def test_pictures_are_matched_with_others_of_their_kind_each_once() -> None:
    ours, theirs = even(60), even(200)[::-1]
    found = match(ours, theirs)
    assert found.one.tolist() == list(range(60))
    assert len(set(found.other.tolist())) == 60
    assert all(ours[a]["species"] == theirs[b]["species"] for a, b in zip(found.one, found.other, strict=True))
    assert found.alike == "of the same species"


def test_a_kind_that_the_others_lack_finds_no_match() -> None:
    theirs = [of_one for of_one in even(100) if of_one["species"] != "species 0"]
    found = match(even(100), theirs)
    assert len(found.one) == 80 and not (found.one % KINDS == 0).any()


def test_kinds_are_told_apart_by_fewer_fields_where_most_would_find_no_match() -> None:
    ours = [of_one | {"color": "red" if place < 50 else "blue"} for place, of_one in enumerate(even(100))]
    assert match(ours, ours).alike == "of the same species and color"
    green = [of_one | {"color": "green"} for of_one in ours]
    assert match(ours, green).alike == "of the same species"
    assert (match(ours, [{}] * 30).alike, len(match(ours, [{}] * 30).one)) == ("", 30)


def test_without_labels_every_picture_matches_every_other() -> None:
    found = match([{}] * 40, [{}] * 25)
    assert len(found.one) == 25 and sorted(found.other.tolist()) == list(range(25)) and found.alike == ""


def test_the_same_seed_matches_alike_and_another_otherwise() -> None:
    first, again, other = (match(even(60), even(200), seed).other.tolist() for seed in (0, 0, 1))
    assert first == again != other


def test_fields_that_name_pictures_sort_nothing() -> None:
    assert sorting_fields(even(60)) == ["species"]


def test_the_floor_of_evenly_composed_samples_is_about_0_only_where_kinds_are_matched() -> None:
    labels = even(KINDS * EACH)
    plain, matched = [], []
    for seed in range(12):
        one, other = features(labels, seed), features(labels, 100 + seed)
        pairs = match(labels, labels, seed)
        plain.append(1000 * kid(one, other))
        matched.append(1000 * kid(one[pairs.one], other[pairs.other], paired=True))
    assert max(plain) < 0
    assert abs(np.mean(matched)) < 3 * np.std(matched, ddof=1) / np.sqrt(len(matched))
    assert abs(np.mean(matched)) < 0.2 * abs(np.mean(plain))
    assert min(matched) < 0 < max(matched)
