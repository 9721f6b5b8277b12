"""Dataset of labelled pictures in MNIST's files: the bundled digits, or a folder of the same layout."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from painting.data.cache import digest
from painting.data.digits.idx import read_idx
from painting.data.issues import printable
from painting.data.picture_set import IntArray
from painting.errors import DataError
from painting.images import FloatArray, UInt8Array

DigitsPartition = Literal["all", "train", "test"]

MNIST_FOLDER = Path(__file__).parent / "mnist"
DIGITS_VERSION = 1
"""Raised whenever the same files would give other pictures."""
MAX_SIDE_PX = 64
TEST_FRACTION = 0.1
TRAINING_PREFIX = "train"
TEST_PREFIX = "t10k"
FILE_ENDINGS = ("-ubyte", "-ubyte.gz")


@dataclass(frozen=True)
class Half:
    """Files of the pictures and of the labels of the training or test half."""

    pictures: Path
    labels: Path


class Digits:
    """Dataset (a `PictureSet`) of square gray pictures with one label each; without a folder the ten digits.

    `attributes` are "digit=0" … of the bundled digits, "class=0" … of a folder's. Everything is held in memory.
    """

    views = 1

    def __init__(self, folder: Path | None = None, split: DigitsPartition = "all") -> None:
        """Read a folder with MNIST's files, or the 10,000 bundled digits; raises DataError.

        Both halves of a folder are its partitions "train" and "test". One half alone is split by the pictures' content,
        a tenth for "test". "all" is what a painter is trained on: the training half, or the only one.
        """
        source = MNIST_FOLDER if folder is None else Path(folder)
        halves = find_halves(source)
        chosen = halves[TEST_PREFIX if split == "test" and len(halves) == 2 else next(iter(halves))]
        images, labels = _read(chosen)
        if len(halves) == 1 and split != "all":
            chosen_rows = _is_test(images) == (split == "test")
            images = images[chosen_rows]
            labels = labels[chosen_rows]
        if not len(images):
            raise DataError(f"'{source}' has too few different pictures for a {split} partition; add some")
        classes = np.unique(np.concatenate([read_idx(half.labels, 1) for half in halves.values()]))
        field = "digit" if folder is None else "class"
        self.attributes = tuple(f"{field}={label}" for label in classes)
        self._images = images
        self._labels = np.searchsorted(classes, labels)
        self.split = split
        self.size = images.shape[1]
        self.count: int = len(images)
        self.content_hash = digest(
            "digits", DIGITS_VERSION, *(_sha256(part) for part in (images, labels)), *self.attributes
        )
        self.summary = _summary(folder, split, images)

    def pictures(self, ids: IntArray) -> UInt8Array:
        """The pictures of these ids, their gray in all three channels: (N, S, S, 3)."""
        return np.repeat(self._images[np.asarray(ids)][..., None], 3, axis=3)

    def targets(self, ids: IntArray) -> FloatArray:
        """One-hot attributes of each picture: (N, A)."""
        return np.eye(len(self.attributes), dtype=np.float32)[self.labels(ids)]

    def labels(self, ids: IntArray) -> IntArray:
        """The index of each picture's attribute in `attributes`: (N,)."""
        return self._labels[np.asarray(ids)]


def find_halves(folder: Path) -> dict[str, Half]:
    """Halves of MNIST in a folder, training first; raises DataError where none is complete."""
    if not folder.is_dir():
        raise DataError(f"'{folder}' is not a folder; give one with MNIST's files, or none for the bundled digits")
    halves = {}
    for half in (TRAINING_PREFIX, TEST_PREFIX):
        pictures = _find(folder, f"{half}-images", 3)
        labels = _find(folder, f"{half}-labels", 1)
        if pictures and labels:
            halves[half] = Half(pictures, labels)
        elif pictures or labels:
            missing = f"{half}-labels-idx1-ubyte" if pictures else f"{half}-images-idx3-ubyte"
            found = (pictures or labels or folder).name
            raise DataError(f"'{folder}' holds {found} without {missing}[.gz]; put that file beside it")
    if not halves:
        raise DataError(
            f"'{folder}' holds none of MNIST's files; put train-images-idx3-ubyte[.gz] and "
            "train-labels-idx1-ubyte[.gz] there, and the same two of t10k, if there are"
        )
    return halves


def holds_digits(folder: Path) -> bool:
    """Whether a folder has any file named like MNIST's pictures."""
    return any(_find(folder, f"{half}-images", 3) for half in (TRAINING_PREFIX, TEST_PREFIX))


def _find(folder: Path, stem: str, dimensions: int) -> Path | None:
    """The file of pictures or labels, in either of the two usual spellings, gzipped or not."""
    names = (f"{stem}{dot}idx{dimensions}{end}" for dot in "-." for end in FILE_ENDINGS)
    return next((folder / name for name in names if (folder / name).is_file()), None)


def _read(half: Half) -> tuple[UInt8Array, UInt8Array]:
    """Read pictures (N, S, S) and their labels (N,); raises DataError where they do not fit."""
    images = read_idx(half.pictures, 3)
    labels = read_idx(half.labels, 1)
    count, height, width = images.shape
    if count != len(labels):
        raise DataError(
            f"'{half.pictures}' holds {count:,} pictures and {half.labels.name} {len(labels):,} labels; "
            "fetch both from the same place"
        )
    if not count:
        raise DataError(f"'{half.pictures}' holds no picture; fetch it again")
    if height != width or not 0 < height <= MAX_SIDE_PX:
        raise DataError(
            f"'{half.pictures}' holds pictures of {width}×{height} px; they must be square, with at most "
            f"{MAX_SIDE_PX} px a side"
        )
    return images, labels


def _is_test(images: UInt8Array) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Mask (N,) of the test pictures, by their content alone, so that copies share a partition."""
    hashes = [hashlib.blake2b(image.tobytes(), digest_size=4).digest() for image in images]
    return np.frombuffer(b"".join(hashes), ">u4") < TEST_FRACTION * 2**32


def _sha256(array: UInt8Array) -> str:
    return hashlib.sha256(array.tobytes()).hexdigest()


def _summary(folder: Path | None, split: DigitsPartition, images: UInt8Array) -> dict[str, object]:
    summary: dict[str, object] = {"pictures": len(images), "size": images.shape[1], "split": split, "skipped": 0}
    if folder is None:
        return {"source": "the 10,000 test digits of MNIST", "licence": "CC BY-SA 3.0", **summary}
    return {"source": printable(folder.resolve().name), **summary}
