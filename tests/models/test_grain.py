"""Grain is as random as noise, another for every noise, and turns as slowly as noise does."""

import torch

from painting.models.grain import Grain

CHANNELS, SIDE = 8, 64


def made(noise: torch.Tensor) -> torch.Tensor:
    torch.manual_seed(0)
    grain: torch.Tensor = Grain(CHANNELS, SIDE)(noise)
    return grain


def noises(count: int) -> torch.Tensor:
    return torch.randn(count, CHANNELS * 64, generator=torch.Generator().manual_seed(1))


def test_it_has_four_standard_normal_numbers_for_each_square_of_two_pixels() -> None:
    grain = made(noises(4))
    assert grain.shape == (4, 4, SIDE // 2, SIDE // 2)
    assert abs(grain.mean()) < 0.05 and abs(grain.std() - 1) < 0.05
    neighbours = torch.corrcoef(torch.stack([grain[..., :-1].flatten(), grain[..., 1:].flatten()]))[0, 1]
    assert abs(neighbours) < 0.05


def test_it_is_the_same_for_the_same_noise_and_has_nothing_to_do_with_another_s() -> None:
    noise = noises(40)
    grain = made(noise)
    assert torch.equal(grain, made(noise))
    pairs = torch.triu_indices(40, 40, 1).unbind()
    alike = torch.corrcoef(grain.flatten(1))[pairs]
    assert abs(alike.mean()) < 0.01 and alike.abs().max() < 0.3
    in_a_place = torch.corrcoef(grain[..., :4, :4].flatten(1))[pairs]  # of 64 numbers: 1/√8 and a little by chance
    assert abs(in_a_place.mean()) < 0.1 and 0.25 < in_a_place.std() < 0.5


def test_it_turns_with_the_noise_and_knows_no_truncation() -> None:
    one, other = noises(2).chunk(2)
    begun = made(one).flatten()
    near, far = (
        torch.corrcoef(torch.stack([begun, made(one + part * (other - one)).flatten()]))[0, 1] for part in (0.05, 0.5)
    )
    assert 0.99 < near < 1 and 0.5 < far < 0.9
    torch.testing.assert_close(made(0.3 * one), made(one))


def test_where_there_is_no_noise_there_is_no_grain() -> None:
    assert not made(torch.zeros(1, CHANNELS * 64)).any()
