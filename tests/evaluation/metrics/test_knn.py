from pathlib import Path

import numpy as np
import pytest

from painting.data.array_cache import ArrayFile
from painting.evaluation.metrics import knn
from painting.evaluation.metrics.knn import counts_within_radii, nearest_neighbours
from painting.images import FloatArray


def normal(count: int, seed: int) -> FloatArray:
    return np.random.default_rng(seed).normal(3, 1, (count, 5)).astype(np.float32)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knn, "ROWS_PER_BLOCK", 32)


def test_neighbours_are_those_of_all_distances() -> None:
    queries, references = normal(70, 1), normal(100, 2)
    apart = np.linalg.norm(queries[:, None] - references[None], axis=2)
    found = nearest_neighbours(queries, references, 3)
    np.testing.assert_array_equal(found.indices, apart.argsort(axis=1)[:, :3])
    np.testing.assert_allclose(found.distances, np.sort(apart, axis=1)[:, :3], rtol=1e-5)


def test_a_picture_is_not_its_own_neighbour_but_its_copy_is_and_at_no_distance() -> None:
    sample = normal(70, 1)
    sample[40] = sample[3]
    found = nearest_neighbours(sample, sample, 1, exclude_self=True)
    assert (found.indices[:, 0] != np.arange(70)).all()
    assert (found.indices[3, 0], found.distances[3, 0]) == (40, 0)
    apart = np.linalg.norm(sample[:, None] - sample[None], axis=2) + np.diag([np.inf] * 70)
    np.testing.assert_allclose(found.distances[:, 0], apart.min(axis=1), rtol=1e-5, atol=1e-6)


def test_copies_far_from_zero_are_still_at_no_distance() -> None:
    sample = normal(50, 1) + 1000
    assert nearest_neighbours(sample[10:20], sample).distances.max() == 0


def test_counts_within_balls_are_those_of_all_distances() -> None:
    queries, references = normal(70, 1), normal(100, 2)
    radii = np.random.default_rng(0).uniform(0.5, 3, (100, 2)).astype(np.float32)
    apart = np.linalg.norm(queries[:, None] - references[None], axis=2)
    wanted = [(apart <= radii[:, column]).sum(axis=1) for column in (0, 1)]
    np.testing.assert_array_equal(counts_within_radii(queries, references, radii), np.stack(wanted, axis=1))


def test_files_are_searched_as_arrays_are(tmp_path: Path) -> None:
    queries, references = normal(40, 1), normal(90, 2)
    for name, rows in (("q", queries), ("r", references)):
        np.save(tmp_path / f"{name}.npy", rows)
    found = nearest_neighbours(ArrayFile(tmp_path / "q.npy"), ArrayFile(tmp_path / "r.npy"), 2)
    np.testing.assert_array_equal(found.distances, nearest_neighbours(queries, references, 2).distances)
