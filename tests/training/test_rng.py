"""What a step draws is a function of where it stands, and an epoch shows each picture once."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from painting.data.picture_set import ENDLESS_ID_COUNT
from painting.training.rng import Ids, RngKey, WeightedSampler, batch_ids, evenly_spaced_ids

HERE = RngKey(seed=1, stage="prior", step=4)
ELSEWHERE = [
    replace(HERE, seed=2),
    replace(HERE, stage="autoencoder"),
    replace(HERE, step=5),
    replace(HERE, rollbacks=1),
]


def epoch(key: RngKey, number: int, batch: int, count: int) -> Ids:
    steps = range(number * count // batch, (number + 1) * count // batch)
    return np.concatenate([batch_ids(replace(key, step=step), batch, count) for step in steps])


def test_a_position_draws_the_same_numbers_every_time() -> None:
    again = replace(HERE)
    assert HERE.numpy_generator("ids").random() == again.numpy_generator("ids").random()
    cpu = torch.device("cpu")
    assert torch.equal(*(torch.rand(4, generator=key.torch_generator("noise", cpu)) for key in (HERE, again)))


@pytest.mark.parametrize("other", ELSEWHERE, ids=["seed", "stage", "step", "rollbacks"])
def test_any_other_position_draws_other_numbers(other: RngKey) -> None:
    cpu = torch.device("cpu")
    assert HERE.numpy_generator("ids").random() != other.numpy_generator("ids").random()
    assert HERE.torch_generator("noise", cpu).initial_seed() != other.torch_generator("noise", cpu).initial_seed()


def test_purposes_draw_independently() -> None:
    assert HERE.numpy_generator("flips").random() != HERE.numpy_generator("captions").random()


@pytest.mark.parametrize(("batch", "count"), [(4, 12), (5, 10), (12, 12)])
def test_each_picture_is_drawn_once_an_epoch_and_the_next_one_has_another_order(batch: int, count: int) -> None:
    epochs = [epoch(HERE, number, batch, count) for number in range(3)]
    assert all(sorted(ids) == list(range(count)) for ids in epochs)
    assert any((epochs[0] != ids).any() for ids in epochs[1:])


def test_batches_reach_across_the_borders_of_epochs() -> None:
    count, batch = 7, 5
    ids = np.concatenate([batch_ids(replace(HERE, step=step), batch, count) for step in range(7)])
    assert all(sorted(ids[start : start + count]) == list(range(count)) for start in range(0, 35, count))


def test_a_batch_larger_than_the_set_shows_all_of_it() -> None:
    ids = batch_ids(HERE, 10, 4)
    assert ids.shape == (10,)
    assert np.bincount(ids, minlength=4).min() >= 2


def test_ids_of_an_endless_set_are_in_range_and_do_not_repeat() -> None:
    ids = np.concatenate([batch_ids(replace(HERE, step=step), 100, None) for step in range(5)])
    assert ids.dtype == np.int64
    assert len(set(ids.tolist())) == 500
    assert ids.min() >= 0 and ids.max() < ENDLESS_ID_COUNT
    assert ids.max() > ENDLESS_ID_COUNT // 2


@pytest.mark.parametrize("count", [1000, None])
def test_ids_are_a_pure_function_of_the_position(count: int | None) -> None:
    wanted = batch_ids(HERE, 16, count)
    batch_ids(replace(HERE, step=400), 16, count)
    assert (batch_ids(HERE, 16, count) == wanted).all()
    for other in ELSEWHERE:
        assert (batch_ids(other, 16, count) != wanted).any()


def test_pictures_to_show_are_spread_evenly_over_a_set_and_the_first_of_an_endless_one() -> None:
    assert evenly_spaced_ids(4, 10).tolist() == [0, 3, 6, 9]
    assert evenly_spaced_ids(5, 2).tolist() == [0, 0, 0, 0, 1]
    assert evenly_spaced_ids(4, None).tolist() == [0, 1, 2, 3]


def test_normal_numbers_are_a_purpose_s_and_a_position_s_own() -> None:
    device = torch.device("cpu")
    numbers = RngKey(0, "gan", 5).randn("noise", (4_000, 2), device)
    assert numbers.shape == (4_000, 2) and abs(float(numbers.mean())) < 0.05 and abs(float(numbers.std()) - 1) < 0.05
    assert torch.equal(numbers, RngKey(0, "gan", 5).randn("noise", [4_000, 2], device))
    for other in (
        RngKey(0, "gan", 5).randn("grain", (4_000, 2), device),
        RngKey(0, "gan", 6).randn("noise", (4_000, 2), device),
    ):
        assert not torch.isclose(numbers, other).all(1).any()


def test_pictures_are_drawn_as_often_as_their_shares_say_and_their_views_alike() -> None:
    ids = WeightedSampler(np.array([0.5, 0.0, 0.3, 0.2]), views=2).ids(HERE, 20_000)
    assert ids.dtype == np.int64
    often = np.bincount(ids, minlength=8) / 20_000
    np.testing.assert_allclose(often, [0.25, 0.25, 0, 0, 0.15, 0.15, 0.1, 0.1], atol=0.01)


@pytest.mark.parametrize("other", ELSEWHERE, ids=["seed", "stage", "step", "rollbacks"])
def test_by_shares_each_position_draws_pictures_of_its_own(other: RngKey) -> None:
    shares = WeightedSampler(np.ones(100), views=3)
    assert (shares.ids(HERE, 10) == shares.ids(replace(HERE), 10)).all()
    assert (shares.ids(HERE, 10) != shares.ids(other, 10)).any()
