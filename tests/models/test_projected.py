"""Maps are mixed downwards by weights that never learn, and heads give logits at each scale and of the pixels."""

import pytest
import torch
from torch import Tensor

from painting.models.projected import MIXED_WIDTHS, TEXT_LOGIT_SCALE, FeatureMixer, ProjectedDiscriminator

INPUT_WIDTHS, TEXT, WIDTH, SIDE = (6, 7, 8, 9), 5, 8, 64
COUNTS = [16, 16, 4, 4, 16]
"""How many logits each head gives of maps of 16, 8, 4 and 2 px, and of pictures of 64."""


def maps_of(channels: tuple[int, ...]) -> list[Tensor]:
    random = torch.Generator().manual_seed(0)
    sides = [SIDE >> halvings for halvings in (2, 3, 4, 5)]
    return [torch.randn(2, c, side, side, generator=random) for c, side in zip(channels, sides, strict=True)]


def inputs() -> list[Tensor]:
    """A discriminator's inputs of two pictures."""
    return [*maps_of(MIXED_WIDTHS), torch.rand(2, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(1)) * 2 - 1]


@pytest.fixture
def discriminator() -> ProjectedDiscriminator:
    torch.manual_seed(0)
    return ProjectedDiscriminator(TEXT, WIDTH).eval()


def test_a_mixer_gives_as_many_channels_at_the_same_sizes_whatever_its_input() -> None:
    maps = maps_of(INPUT_WIDTHS)
    wanted = [(2, channels, *maps_in.shape[2:]) for channels, maps_in in zip(MIXED_WIDTHS, maps, strict=True)]
    assert [tuple(mixed.shape) for mixed in FeatureMixer(INPUT_WIDTHS)(maps)] == wanted


def test_a_mixer_never_learns_but_lets_gradients_through() -> None:
    mixer, maps = FeatureMixer(INPUT_WIDTHS), [maps_in.requires_grad_() for maps_in in maps_of(INPUT_WIDTHS)]
    assert not any(weight.requires_grad for weight in mixer.parameters())
    torch.cat([mixed.flatten() for mixed in mixer(maps)]).sum().backward()  # type: ignore[no-untyped-call]
    assert all(maps_in.grad is not None and maps_in.grad.any() for maps_in in maps)


@pytest.mark.parametrize("changed", range(4))
def test_smaller_maps_reach_larger_ones_but_not_the_other_way(changed: int) -> None:
    mixer, maps = FeatureMixer(INPUT_WIDTHS), maps_of(INPUT_WIDTHS)
    before = mixer(maps)
    maps[changed] = maps[changed] + 1
    differ = [not torch.equal(one, other) for one, other in zip(before, mixer(maps), strict=True)]
    assert differ == [place <= changed for place in range(4)]


def test_a_discriminator_gives_a_logit_for_each_place_of_each_size(discriminator: ProjectedDiscriminator) -> None:
    assert discriminator(inputs(), torch.zeros(2, TEXT)).shape == (2, sum(COUNTS))


def test_every_logit_depends_on_the_caption(discriminator: ProjectedDiscriminator) -> None:
    maps_in, random = inputs(), torch.Generator().manual_seed(2)
    one, other = (discriminator(maps_in, torch.randn(2, TEXT, generator=random)) for _ in range(2))
    assert ((one - other).abs() > 1e-7).all()


@pytest.mark.parametrize("head", range(5))
def test_each_head_s_logits_depend_on_its_own_maps_of_each_picture_alone(
    discriminator: ProjectedDiscriminator, head: int
) -> None:
    maps_in, text = inputs(), torch.ones(2, TEXT)
    before = discriminator(maps_in, text)
    maps_in[head][0] += torch.randn(maps_in[head].shape[1:], generator=torch.Generator().manual_seed(3))
    changed = [places.any(1).tolist() for places in (discriminator(maps_in, text) != before).split(COUNTS, 1)]
    assert changed == [[place == head, False] for place in range(5)]


def test_a_colour_that_no_map_holds_changes_the_logits_of_pixels(discriminator: ProjectedDiscriminator) -> None:
    colours = torch.tensor([[0.8, -0.4, -0.4], [-0.4, -0.4, 0.8]])[:, :, None, None].expand(2, 3, SIDE, SIDE)
    maps_in = [torch.ones_like(maps) for maps in maps_of(MIXED_WIDTHS)]
    red, blue = discriminator([*maps_in, colours], torch.zeros(2, TEXT))
    torch.testing.assert_close(red[: -COUNTS[-1]], blue[: -COUNTS[-1]])
    assert ((red - blue)[-COUNTS[-1] :].abs() > 1e-4).all()


def test_a_caption_is_projected_on_the_features(discriminator: ProjectedDiscriminator) -> None:
    maps_in, text = inputs(), torch.randn(2, TEXT, generator=torch.Generator().manual_seed(4))
    made, asked = discriminator.heads[2](maps_in[2]), discriminator.texts[2](text)  # (2, W, 2, 2), (2, W)
    alone = discriminator.outs[2](made)
    wanted = alone + TEXT_LOGIT_SCALE / WIDTH**0.5 * (made * asked[:, :, None, None]).sum(1, keepdim=True)
    torch.testing.assert_close(discriminator(maps_in, text).split(COUNTS, 1)[2], wanted.flatten(1))


def test_larger_weights_do_not_enlarge_logits_under_spectral_normalisation(
    discriminator: ProjectedDiscriminator,
) -> None:
    maps_in, text = inputs(), torch.ones(2, TEXT)
    before = discriminator(maps_in, text)
    with torch.no_grad():
        weights = [w for name, w in discriminator.named_parameters() if name.endswith("weight.original")]
        for weight in weights:
            weight.mul_(10)
    assert len(weights) == sum(w.ndim > 1 for w in discriminator.parameters())
    torch.testing.assert_close(discriminator(maps_in, text), before)


def test_heads_compute_in_float32_whatever_the_rest_is_computed_in() -> None:
    discriminator = ProjectedDiscriminator(5, 8).eval()
    maps_in = [
        torch.randn(2, channels, side, side)
        for channels, side in zip((*MIXED_WIDTHS, 3), (8, 4, 2, 1, 32), strict=True)
    ]
    plain = discriminator(maps_in, torch.ones(2, 5))
    with torch.autocast("cpu", torch.bfloat16):
        again = discriminator(maps_in, torch.ones(2, 5))
    assert again.dtype == torch.float32 and torch.equal(plain, again)
