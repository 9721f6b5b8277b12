"""Labelled pictures without captions: MNIST's digits, or any folder laid out like MNIST's four files."""

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

Split = Literal["all", "train", "test"]

MNIST_FOLDER = Path(__file__).parent / "mnist"
VERSION = 1
"""Raised whenever the same files would give other pictures."""
LARGEST_SIDE = 64
TEST_FRACTION = 0.1
TRAINING, TESTING = "train", "t10k"
SPELLINGS = ("-ubyte", "-ubyte.gz")


@dataclass(frozen=True)
class Half:
    """The pictures and the labels of a folder's training or test half."""

    pictures: Path
    labels: Path


class Digits:
    """A `PictureSet` of square gray pictures with one label each; the ten digits where no folder is named.

    `attributes` are "digit=0" … of the bundled digits, "class=0" … of a folder's. Everything is held in memory.
    """

    views = 1

    def __init__(self, folder: Path | None = None, split: Split = "all") -> None:
        """Read a folder with MNIST's files, or the 10,000 bundled digits; raises DataError.

        A folder with both halves is parted as they are: "train" and "test". One half alone is parted by the pictures'
        content, a tenth for "test". "all" is what a painter is trained on: the training half, or the one that is there.
        """
        place = MNIST_FOLDER if folder is None else Path(folder)
        halves = find_halves(place)
        chosen = halves[TESTING if split == "test" and len(halves) == 2 else next(iter(halves))]
        images, labels = _read(chosen)
        if len(halves) == 1 and split != "all":
            kept = _held_out(images) == (split == "test")
            images, labels = images[kept], labels[kept]
        if not len(images):
            raise DataError(f"'{place}' holds too few different pictures to hold a {split} part out of them; add some")
        classes = np.unique(np.concatenate([read_idx(half.labels, 1) for half in halves.values()]))
        field = "digit" if folder is None else "class"
        self.attributes = tuple(f"{field}={label}" for label in classes)
        self._images, self._labels = images, np.searchsorted(classes, labels)
        self.split = split
        self.size = images.shape[1]
        self.count: int = len(images)
        self.content_hash = digest("digits", VERSION, *(_sha256(part) for part in (images, labels)), *self.attributes)
        self.summary = _summary(folder, split, images)

    def pictures(self, ids: IntArray) -> UInt8Array:
        """The pictures of these ids, their gray in all three channels: (N, S, S, 3)."""
        return np.repeat(self._images[np.asarray(ids)][..., None], 3, axis=3)

    def targets(self, ids: IntArray) -> FloatArray:
        """Which attribute each picture shows: (N, A) with a single 1 in each row."""
        return np.eye(len(self.attributes), dtype=np.float32)[self.labels(ids)]

    def labels(self, ids: IntArray) -> IntArray:
        """The place of each picture's attribute among `attributes`: (N,)."""
        return self._labels[np.asarray(ids)]


def find_halves(folder: Path) -> dict[str, Half]:
    """The halves that a folder holds, the training half first; raises DataError where there is no whole one."""
    if not folder.is_dir():
        raise DataError(f"'{folder}' is not a folder; name one with MNIST's files, or none for the bundled digits")
    halves = {}
    for half in (TRAINING, TESTING):
        pictures, labels = _find(folder, f"{half}-images", 3), _find(folder, f"{half}-labels", 1)
        if pictures and labels:
            halves[half] = Half(pictures, labels)
        elif pictures or labels:
            there, missing, kind = (pictures, "labels", 1) if pictures else (labels, "images", 3)
            assert there is not None
            wanted = f"{half}-{missing}-idx{kind}-ubyte"
            raise DataError(f"'{folder}' holds {there.name} without {wanted}[.gz]; put that file beside it")
    if not halves:
        raise DataError(
            f"'{folder}' holds none of MNIST's files; put train-images-idx3-ubyte[.gz] and "
            "train-labels-idx1-ubyte[.gz] there, and the same two of t10k, if there are"
        )
    return halves


def holds_digits(folder: Path) -> bool:
    """Whether a folder holds any file by the name of MNIST's pictures."""
    return any(_find(folder, f"{half}-images", 3) for half in (TRAINING, TESTING))


def _find(folder: Path, stem: str, dimensions: int) -> Path | None:
    """The file of pictures or labels, in the two spellings that go round, packed or not."""
    names = (f"{stem}{dot}idx{dimensions}{end}" for dot in "-." for end in SPELLINGS)
    return next((folder / name for name in names if (folder / name).is_file()), None)


def _read(half: Half) -> tuple[UInt8Array, UInt8Array]:
    """Pictures (N, S, S) and labels (N,) that belong together."""
    images, labels = read_idx(half.pictures, 3), read_idx(half.labels, 1)
    count, height, width = images.shape
    if count != len(labels):
        raise DataError(
            f"'{half.pictures}' holds {count:,} pictures and {half.labels.name} {len(labels):,} labels; "
            "fetch both from the same place"
        )
    if not count:
        raise DataError(f"'{half.pictures}' holds no picture; fetch it again")
    if height != width or not 0 < height <= LARGEST_SIDE:
        raise DataError(
            f"'{half.pictures}' holds pictures of {width}×{height} px; they must be square, with at most "
            f"{LARGEST_SIDE} px a side"
        )
    return images, labels


def _held_out(images: UInt8Array) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which pictures are kept for testing, by their content alone, so that copies share a part: (N,)."""
    places = [hashlib.blake2b(image.tobytes(), digest_size=4).digest() for image in images]
    return np.frombuffer(b"".join(places), ">u4") < TEST_FRACTION * 2**32


def _sha256(array: UInt8Array) -> str:
    return hashlib.sha256(array.tobytes()).hexdigest()


def _summary(folder: Path | None, split: Split, images: UInt8Array) -> dict[str, object]:
    told: dict[str, object] = {"pictures": len(images), "size": images.shape[1], "split": split, "skipped": 0}
    if folder is None:
        return {"source": "the 10,000 test digits of MNIST", "licence": "CC BY-SA 3.0", **told}
    return {"source": printable(folder.resolve().name), **told}
