import numpy as np

from painting.data.rng import hash_uniform


def test_draws_depend_on_the_id_alone() -> None:
    together = hash_uniform(np.arange(100), 3)
    np.testing.assert_array_equal(hash_uniform(np.array([99, 0]), 3), together[[99, 0]])


def test_draws_fill_the_unit_interval_evenly() -> None:
    draws = hash_uniform(np.arange(20_000), 2)
    counts = np.bincount((draws[:, 1] * 10).astype(int))
    assert draws.min() >= 0 and draws.max() < 1
    assert abs(counts - 2000).max() < 250
    assert np.abs(np.corrcoef(draws.T) - np.eye(2)).max() < 0.03


def test_another_stream_gives_other_draws() -> None:
    first, second = hash_uniform(np.arange(5000), 1, 0), hash_uniform(np.arange(5000), 1, 1)
    assert np.abs(np.corrcoef(first[:, 0], second[:, 0]) - np.eye(2)).max() < 0.05


def test_the_recipe_stays_as_it_is() -> None:
    np.testing.assert_allclose(
        hash_uniform(np.array([0, 2**62 - 1]), 1)[:, 0], [0.33805245419550545, 0.3664906830037078], rtol=1e-12
    )
