from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.damage import damage_file, each_damage
from tests.evaluation.flower_painters import Honest

from painting.data.array_cache import DamagedCacheWarning
from painting.data.prepared import PreparedSet
from painting.errors import DataError
from painting.evaluation import feature_cache
from painting.evaluation.extractors.classifier import Classifier
from painting.evaluation.extractors.pixels import Pixels
from painting.evaluation.feature_cache import paint_all, real_features, write_features
from painting.evaluation.prompts import PaintedPictures, Request
from painting.evaluation.reference import RealPictures, real_photographs
from painting.images import FloatArray, UInt8Array


@pytest.fixture
def reals(train: PreparedSet) -> RealPictures:
    return real_photographs(train, "train")


class Steps:
    """Keeps what was reported."""

    def __init__(self) -> None:
        self.said: list[tuple[str, int, int]] = []

    def __call__(self, what: str, done: int, total: int) -> None:
        self.said.append((what, done, total))


class CountingPixels(Pixels):
    """Counts the pictures that pass through it."""

    def __init__(self) -> None:
        self.pictures_passed = 0

    def features(self, pictures: UInt8Array) -> FloatArray:
        self.pictures_passed += len(pictures)
        return super().features(pictures)


def test_pictures_are_painted_once_into_a_file_batch_by_batch(tmp_path: Path) -> None:
    request = Request("a red daisy", {}, {})
    painted = PaintedPictures(Honest(), (request,) * 70, tuple(range(70)))
    steps = Steps()
    stored = paint_all(painted, tmp_path / "pictures.npy", "painting", steps)
    assert stored.shape == (70, 16, 16, 3)
    np.testing.assert_array_equal(stored[60:70], painted.pictures(np.arange(60, 70)))
    assert steps.said == [("painting", 64, 70), ("painting", 70, 70)]


@pytest.mark.parametrize("size", [1, 7, 96])
def test_the_size_of_batches_does_not_matter(
    classifier: Classifier, reals: RealPictures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    whole = classifier.features(reals.pictures(np.arange(40)))
    monkeypatch.setattr(feature_cache, "BATCH_SIZE", size)
    found = write_features(reals.pictures, 40, classifier, tmp_path / "features.npy", Steps())
    np.testing.assert_allclose(found[:], whole, rtol=1e-4, atol=1e-5)


def test_real_features_are_kept_by_data_extractor_and_size(reals: RealPictures, tmp_path: Path) -> None:
    network = CountingPixels()
    for _ in range(2):
        found = real_features(reals, network, tmp_path, Steps())
    assert network.pictures_passed == reals.count == len(found)
    real_features(replace(reals, content_hash="other"), network, tmp_path, Steps())
    assert network.pictures_passed == 2 * reals.count
    other = CountingPixels()
    other.key = "other"
    real_features(reals, other, tmp_path, Steps())
    assert other.pictures_passed == reals.count
    assert len(list((tmp_path / "features").glob("*.npy"))) == 3


@each_damage
def test_a_damaged_file_is_reported_and_made_anew(
    reals: RealPictures, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    whole = real_features(reals, Pixels(), tmp_path, Steps())
    wanted = whole[:]
    damage_file(whole.path, damage)
    with pytest.warns(DamagedCacheWarning):
        np.testing.assert_array_equal(real_features(reals, Pixels(), tmp_path, Steps())[:], wanted)


def test_what_is_interrupted_leaves_nothing(reals: RealPictures, tmp_path: Path) -> None:
    def interrupt(what: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        real_features(reals, Pixels(), tmp_path, interrupt)
    assert [path.name for path in (tmp_path / "features").iterdir()] == [".lock"]


def test_a_cache_that_cannot_be_written_is_an_error(reals: RealPictures, tmp_path: Path) -> None:
    (tmp_path / "features").write_bytes(b"a file where a folder should be")
    with pytest.raises(DataError, match="cannot be written"):
        real_features(reals, Pixels(), tmp_path, Steps())
