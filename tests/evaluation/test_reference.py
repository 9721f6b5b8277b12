import numpy as np
import pytest

from painting.data.digits.dataset import Digits
from painting.data.folder.partition_names import Partition
from painting.data.prepared import PreparedSet
from painting.data.shapes.reader import read_shape
from painting.data.shapes.scenes import UNSEEN_PAIRS
from painting.evaluation.reference import EvaluationData, real_digits, real_photographs, real_shapes


def test_photographs_are_their_whole_pictures_with_captions_and_labels(train: PreparedSet) -> None:
    reals = real_photographs(train, "train")
    assert reals.count == len(train.examples) == len(reals.captions) == len(reals.labels)
    assert reals.conditional
    ids = np.array([5, 0])
    np.testing.assert_array_equal(reals.pictures(ids), train.pictures(ids * train.views))
    assert reals.labels[5] == train.examples[5].labels


def test_digits_have_labels_and_no_captions() -> None:
    digits = Digits(split="test")
    reals = real_digits(digits, "test")
    assert not reals.conditional
    assert reals.labels[3] == {"digit": str(digits.labels(np.array([3]))[0])}
    np.testing.assert_array_equal(reals.pictures(np.array([3])), digits.pictures(np.array([3])))


@pytest.mark.parametrize("split", ["train", "test", "zero-shot"])
def test_drawn_shapes_show_what_their_captions_and_labels_say(split: Partition) -> None:
    reals = real_shapes(32, split, 40)
    read = read_shape(reals.pictures(np.arange(40)))
    assert [(reading.color, reading.shape) for reading in read] == [(x["color"], x["shape"]) for x in reals.labels]
    assert all(label["shape"] in texts[0] for label, texts in zip(reals.labels, reals.captions, strict=True))
    unseen = [(label["color"], label["shape"]) in UNSEEN_PAIRS for label in reals.labels]
    assert all(unseen) if split == "zero-shot" else not any(unseen)


def test_training_and_test_shapes_are_other_pictures_under_another_hash() -> None:
    train, test = real_shapes(32, "train", 20), real_shapes(32, "test", 20)
    assert train.content_hash != test.content_hash
    assert (train.pictures(np.arange(20)) != test.pictures(np.arange(20))).any(axis=(1, 2, 3)).all()


def test_the_test_split_comes_first() -> None:
    train, test, unseen = (real_shapes(16, split, 5) for split in ("train", "test", "zero-shot"))
    assert [reals.split for reals in EvaluationData(train, test, unseen).splits] == ["test", "train", "zero-shot"]
    assert [reals.split for reals in EvaluationData(train, test).splits] == ["test", "train"]
