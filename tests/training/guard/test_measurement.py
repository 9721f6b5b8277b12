"""A measurement is the mean over seeds, and its error is that of the pictures it is made of."""

from collections.abc import Sequence

import numpy as np
import pytest
from tests.training.running import ColorDistance

from painting.images import FloatArray, UInt8Array
from painting.training.dataset.reference_pictures import ReferencePictures
from painting.training.guard.measurement import SEED_SETS, Measurement, jackknife_error, measure_painter

COUNT = 40


class Gray:
    """Paints the level that a text vector holds, brighter by a fixed number, and darker in its second set of seeds."""

    def __init__(self, brighter: float) -> None:
        self.brighter = brighter
        self.seeds: list[list[int]] = []

    def paint_text_vectors(self, text: FloatArray | None, seeds: Sequence[int]) -> UInt8Array:
        assert text is not None
        self.seeds.append(list(seeds))
        levels = text[:, 0] + self.brighter - 10 * len(self.seeds)
        return np.broadcast_to(levels.astype(np.uint8)[:, None, None, None], (len(text), 4, 4, 3)).copy()


@pytest.fixture
def reference() -> ReferencePictures:
    levels = np.random.default_rng(0).integers(60, 180, COUNT)
    pictures = np.broadcast_to(levels.astype(np.uint8)[:, None, None, None], (COUNT, 4, 4, 3)).copy()
    return ReferencePictures(pictures, levels[:, None].astype(np.float32), "validation")


def measured(painter: Gray, reference: ReferencePictures) -> Measurement:
    metric = ColorDistance()
    return measure_painter(painter, reference, metric.features(reference.pictures), metric)


def test_every_caption_is_painted_with_each_set_of_seeds_and_distances_are_averaged(
    reference: ReferencePictures,
) -> None:
    painter = Gray(40)
    assert measured(painter, reference).distance == pytest.approx(3 * (30 + 20) / 2)  # three channels
    assert painter.seeds == [list(range(COUNT)), list(range(COUNT, 2 * COUNT))] and len(painter.seeds) == SEED_SETS


def test_the_same_painter_is_measured_alike(reference: ReferencePictures) -> None:
    assert measured(Gray(40), reference) == measured(Gray(40), reference)


def test_a_difference_that_all_pictures_share_has_no_error(reference: ReferencePictures) -> None:
    change = measured(Gray(60), reference).minus(measured(Gray(40), reference))
    assert change.distance == pytest.approx(60) and change.standard_error == pytest.approx(0, abs=1e-4)


def test_the_jackknife_s_error_of_a_mean_is_its_standard_error() -> None:
    values = np.random.default_rng(0).normal(size=20)
    without = [float(np.delete(values, index).mean()) for index in range(20)]
    assert jackknife_error(without) == pytest.approx(values.std(ddof=1) / np.sqrt(20))


def test_few_pictures_are_a_group_each() -> None:
    few = ReferencePictures(np.zeros((3, 4, 4, 3), np.uint8), np.full((3, 1), 50, np.float32), "test")
    assert len(measured(Gray(20), few).without_group) == 3
