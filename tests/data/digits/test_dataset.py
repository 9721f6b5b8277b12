import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from painting.data.digits.dataset import MNIST_FOLDER, Digits, holds_digits
from painting.data.picture_set import PictureSet
from painting.errors import DataError
from painting.images import UInt8Array

Write = Callable[..., Path]


def idx(array: UInt8Array) -> bytes:
    """The bytes of an IDX file."""
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def drawn(count: int, seed: int = 0, side: int = 28) -> UInt8Array:
    return np.random.default_rng(seed).integers(0, 256, (count, side, side), np.uint8)


def labelled(count: int, classes: int = 10) -> UInt8Array:
    return (np.arange(count) % classes).astype(np.uint8)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A function that writes one half of a folder: pictures, labels, half, packed, spelling."""

    def run(pictures: UInt8Array, labels: UInt8Array, half: str = "train", packed: bool = True, dot: str = "-") -> Path:
        for stem, array in ((f"images{dot}idx3", pictures), (f"labels{dot}idx1", labels)):
            content = idx(array)
            name = f"{half}-{stem}-ubyte"
            if packed:
                (tmp_path / f"{name}.gz").write_bytes(gzip.compress(content, 1))
            else:
                (tmp_path / name).write_bytes(content)
        return tmp_path

    return run


def everything(digits: Digits) -> UInt8Array:
    return digits.pictures(np.arange(digits.count))[..., 0]


def test_the_bundled_digits_are_mnists_ten_thousand() -> None:
    digits: Digits = Digits()
    as_set: PictureSet = digits
    assert (as_set.count, as_set.size) == (10_000, 28)
    assert digits.attributes == tuple(f"digit={label}" for label in range(10))
    assert digits.labels(np.arange(5)).tolist() == [7, 2, 1, 0, 4]
    counts = digits.targets(np.arange(10_000)).sum(axis=0)
    assert counts.tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert digits.summary["licence"] == "CC BY-SA 3.0"
    assert digits.summary["skipped"] == 0


def test_gray_stands_in_all_three_channels() -> None:
    pictures = Digits().pictures(np.array([3, 0, 3]))
    assert pictures.shape == (3, 28, 28, 3)
    assert pictures.dtype == np.uint8
    assert (pictures[..., 0] == pictures[..., 2]).all()
    assert (pictures[0] == pictures[2]).all()
    assert pictures.max() == 255


def test_one_half_is_split_by_content_into_nine_tenths_and_one() -> None:
    whole, train, test = Digits(), Digits(split="train"), Digits(split="test")
    assert train.count + test.count == whole.count
    assert 0.08 < test.count / whole.count < 0.12
    assert not {p.tobytes() for p in everything(train)} & {p.tobytes() for p in everything(test)}
    assert len({digits.content_hash for digits in (whole, train, test)}) == 3
    assert np.bincount(test.labels(np.arange(test.count))).min() > 50


def test_a_picture_keeps_its_part_when_others_come(write: Write) -> None:
    pictures = drawn(200)
    before = Digits(write(pictures[:100], labelled(100)), "test")
    after = Digits(write(pictures[::-1], labelled(200)), "test")
    assert {p.tobytes() for p in everything(before)} <= {p.tobytes() for p in everything(after)}


def test_both_halves_of_a_folder_are_its_partitions(write: Write) -> None:
    write(drawn(20), labelled(20))
    folder = write(drawn(8, seed=1), labelled(8), half="t10k")
    np.testing.assert_array_equal(everything(Digits(folder)), drawn(20))
    np.testing.assert_array_equal(everything(Digits(folder, "train")), drawn(20))
    np.testing.assert_array_equal(everything(Digits(folder, "test")), drawn(8, seed=1))


@pytest.mark.parametrize("half", ["train", "t10k"])
@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("dot", ["-", "."])
def test_the_usual_spellings_are_read_packed_or_not(write: Write, half: str, packed: bool, dot: str) -> None:
    digits = Digits(write(drawn(12), labelled(12), half, packed, dot))
    np.testing.assert_array_equal(everything(digits), drawn(12))
    assert digits.labels(np.arange(12)).tolist() == labelled(12).tolist()


def test_a_file_that_was_unpacked_under_its_old_name_is_read(write: Write) -> None:
    folder = write(drawn(12), labelled(12))
    path = folder / "train-images-idx3-ubyte.gz"
    path.write_bytes(gzip.decompress(path.read_bytes()))
    assert Digits(folder).count == 12


def test_a_folders_labels_are_classes_and_only_those_that_are_there(write: Write) -> None:
    write(drawn(12), labelled(12, classes=3) + np.uint8(1))
    digits = Digits(write(drawn(2, seed=1), np.array([7, 2], np.uint8), half="t10k"), "test")
    assert digits.attributes == ("class=1", "class=2", "class=3", "class=7")
    assert digits.targets(np.arange(2)).tolist() == [[0, 0, 0, 1], [0, 1, 0, 0]]


def test_other_sides_are_read_and_reported(write: Write) -> None:
    digits = Digits(write(drawn(12, side=32), labelled(12)))
    assert digits.size == 32
    assert digits.pictures(np.arange(2)).shape == (2, 32, 32, 3)
    assert digits.summary["size"] == 32


def test_other_pictures_or_labels_make_another_content_hash(write: Write) -> None:
    hashes = [Digits(write(drawn(12), labelled(12))).content_hash for _ in range(2)]
    hashes.append(Digits(write(drawn(12, seed=1), labelled(12))).content_hash)
    hashes.append(Digits(write(drawn(12), labelled(12)[::-1].copy())).content_hash)
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 3


def test_what_is_no_folder_of_digits_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is not a folder"):
        Digits(tmp_path / "nowhere")
    with pytest.raises(DataError, match=r"none of MNIST's files; put train-images-idx3-ubyte\[.gz\]"):
        Digits(tmp_path)
    assert not holds_digits(tmp_path)
    assert holds_digits(MNIST_FOLDER)


@pytest.mark.parametrize(("gone", "sentence"), [
    ("train-labels-idx1-ubyte.gz", "holds train-images-idx3-ubyte.gz without train-labels-idx1-ubyte"),
    ("train-images-idx3-ubyte.gz", "holds train-labels-idx1-ubyte.gz without train-images-idx3-ubyte"),
])  # fmt: skip
def test_half_a_half_is_named(write: Write, gone: str, sentence: str) -> None:
    folder = write(drawn(12), labelled(12))
    (folder / gone).unlink()
    with pytest.raises(DataError, match=sentence):
        Digits(folder)


@pytest.mark.parametrize(("pictures", "labels", "sentence"), [
    (drawn(12), labelled(11), "holds 12 pictures and train-labels-idx1-ubyte.gz 11 labels"),
    (drawn(0), labelled(0), "holds no picture"),
    (drawn(4)[:, :20], labelled(4), "pictures of 28×20 px; they must be square"),
    (drawn(1, side=65), labelled(1), "at most 64 px a side"),
    (labelled(12), labelled(12), "images-idx3-ubyte.gz' is not an IDX file of pictures"),
    (drawn(12), drawn(12), "labels-idx1-ubyte.gz' is not an IDX file of labels"),
])  # fmt: skip
def test_files_that_do_not_fit_are_named(write: Write, pictures: UInt8Array, labels: UInt8Array, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        Digits(write(pictures, labels))


def test_copies_share_a_part_and_an_empty_part_is_one_sentence(write: Write) -> None:
    folder = write(np.zeros((3, 28, 28), np.uint8), labelled(3))
    assert Digits(folder, "train").count == 3
    with pytest.raises(DataError, match="has too few different pictures for a test partition"):
        Digits(folder, "test")
