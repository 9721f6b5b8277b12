"""Pictures are shifted, lit and cut within their bounds, each by its own draw, and their hues stay."""

import pytest
import torch
from torch import Tensor

from painting.training.latent_flow import augment
from painting.training.latent_flow.augment import diff_augment

MANY, SIDE = 1000, 32
MOST = 4
"""An eighth of the side."""


def draw(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def only(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let nothing act but what these constants bound."""
    for name in {"MAX_BRIGHTNESS", "MAX_CONTRAST", "MAX_SHIFT", "CUTOUT_PROBABILITY"} - set(names):
        monkeypatch.setattr(augment, name, 0)


@pytest.fixture
def noise() -> Tensor:
    return 2 * torch.rand(4, 3, SIDE, SIDE, generator=draw(1)) - 1


def test_the_same_draws_give_the_same_pictures_and_others_others(noise: Tensor) -> None:
    one, same, other = (diff_augment(noise, draw(seed)) for seed in (0, 0, 1))
    assert one.shape == noise.shape and torch.equal(one, same)
    assert not torch.isclose(one, other).all((1, 2, 3)).any()


def test_each_picture_of_a_batch_is_augmented_by_itself(noise: Tensor) -> None:
    alike = diff_augment(noise[:1].expand(50, -1, -1, -1), draw())
    assert len({tuple(picture.flatten().tolist()) for picture in alike}) == 50
    others = noise.repeat(2, 1, 1, 1)
    others[4:] *= 0.5
    assert torch.equal(diff_augment(others, draw())[:4], diff_augment(noise.repeat(2, 1, 1, 1), draw())[:4])


def test_gradients_reach_all_pixels_that_remain(noise: Tensor, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "MAX_SHIFT", "CUTOUT_PROBABILITY")
    noise.requires_grad_()
    inside = diff_augment(noise, draw())
    inside.sum().backward()  # type: ignore[no-untyped-call]
    assert noise.grad is not None
    torch.testing.assert_close(noise.grad.sum((1, 2, 3)), (inside != 0).float().sum((1, 2, 3)))
    assert set(noise.grad.flatten().tolist()) == {0.0, 1.0}


def test_what_is_grey_stays_grey() -> None:
    grey = (2 * torch.rand(MANY, 1, SIDE, SIDE, generator=draw(1)) - 1).expand(-1, 3, -1, -1)
    inside = diff_augment(grey, draw())
    torch.testing.assert_close(inside[:, 0], inside[:, 1])
    torch.testing.assert_close(inside[:, 0], inside[:, 2])


def test_a_hue_stays_the_same_hue() -> None:
    orange = torch.tensor([0.8, 0.2, -0.1])[:, None, None].expand(MANY, 3, SIDE, SIDE)
    red, green, blue = diff_augment(orange, draw()).unbind(1)
    torch.testing.assert_close(red - green, 2 * (green - blue), atol=1e-5, rtol=1e-5)
    assert (red - green).amax((1, 2)).min() > 0.4  # nor does it fade


def test_pictures_move_by_an_eighth_at_most_every_way_and_grey_comes_in(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "MAX_SHIFT")
    places = torch.arange(1.0, SIDE + 1)
    across, down = places.expand(SIDE, SIDE), places[:, None].expand(SIDE, SIDE)
    coordinates = torch.stack([across, down, torch.ones(SIDE, SIDE)])  # where each pixel was
    moves = set()
    for was_across, was_down, inside in diff_augment(coordinates.expand(MANY, -1, -1, -1), draw()):
        x, y = ((was - now)[inside == 1].unique() for was, now in ((was_across, across), (was_down, down)))
        assert len(x) == len(y) == 1
        assert inside.sum() == (SIDE - abs(int(x))) * (SIDE - abs(int(y)))  # all else is 0
        moves.add((int(x), int(y)))
    assert moves == {(x, y) for x in range(-MOST, MOST + 1) for y in range(-MOST, MOST + 1)}


def test_half_of_the_pictures_lose_a_square_of_two_fifths_of_their_side(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "CUTOUT_PROBABILITY")
    lost = diff_augment(torch.ones(MANY, 3, SIDE, SIDE), draw()) == 0
    assert torch.equal(lost.any(1), lost.all(1))  # a hole in all channels
    holes = lost[:, 0].flatten(1).any(1)
    assert 0.45 < holes.float().mean() < 0.55
    for hole in lost[holes, 0]:
        width, height = hole.any(0).sum(), hole.any(1).sum()
        assert hole.sum() == width * height  # a whole rectangle
        assert 0 < width <= 13 and 0 < height <= 13
    whole = (lost[holes, 0].any(1).sum(1) >= 12).float().mean()
    assert whole > 0.5  # others lie at an edge
    assert lost[:, 0].any(0).all()  # anywhere


def test_light_is_added_up_to_a_fifth(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "MAX_BRIGHTNESS")
    added = diff_augment(torch.full((MANY, 3, 4, 4), 0.5), draw()) - 0.5
    assert added.flatten(1).std(1).max() < 1e-6
    assert -0.2 <= added.min() < -0.19 and 0.19 < added.max() <= 0.2


def test_contrast_is_multiplied_by_a_quarter_more_or_less_around_each_picture_s_mean(
    noise: Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch, "MAX_CONTRAST")
    coloured = noise[0] + torch.tensor([0.5, 0.0, -0.2])[:, None, None]
    inside, mean = diff_augment(coloured.expand(MANY, -1, -1, -1), draw()), coloured.mean()
    times = inside.flatten(1).std(1) / coloured.std()
    torch.testing.assert_close(inside - mean, times[:, None, None, None] * (coloured - mean), atol=1e-5, rtol=1e-5)
    assert 0.7499 <= times.min() < 0.76 and 1.24 < times.max() <= 1.2501
