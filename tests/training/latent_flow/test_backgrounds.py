import torch

from painting.training.latent_flow.backgrounds import on_random_backgrounds


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_transparent_pictures_show_white_or_a_color_of_their_own() -> None:
    invisible = torch.cat([torch.ones(200, 3, 2, 2), -torch.ones(200, 1, 2, 2)], dim=1)
    over = on_random_backgrounds(invisible, generator())
    assert torch.equal(over[:, :, :1, :1].expand_as(over), over)
    is_white = (over == 1).flatten(1).all(1)
    assert 0.35 < is_white.float().mean() < 0.65
    colors = {tuple(color) for color in over[~is_white, :, 0, 0].tolist()}
    assert len(colors) == int((~is_white).sum())


def test_generators_in_the_same_state_give_the_same_colors() -> None:
    pictures = torch.rand(8, 4, 2, 2, generator=generator()) * 2 - 1
    assert torch.equal(on_random_backgrounds(pictures, generator()), on_random_backgrounds(pictures, generator()))


def test_nothing_is_drawn_for_pictures_without_alpha() -> None:
    pictures, random = torch.rand(2, 3, 2, 2), generator()
    assert on_random_backgrounds(pictures, random) is pictures
    assert torch.equal(random.get_state(), generator().get_state())
