"""Blocks keep or change shapes as they say, and start as the identity where they say so."""

import pytest
import torch

from painting.models.layers import (
    Attention,
    Downsample,
    ModulatedBlock,
    ResidualBlock,
    TimeEmbedding,
    Upsample,
    downsample_by_two,
    icnr_init,
    norm,
    zero_init,
)


@pytest.mark.parametrize(("channels", "groups"), [(8, 8), (48, 8), (12, 4), (7, 1)])
def test_norm_has_as_many_groups_up_to_eight_as_divide_the_channels(channels: int, groups: int) -> None:
    assert norm(channels).num_groups == groups


def test_norm_of_one_picture_does_not_depend_on_its_batch() -> None:
    maps = torch.randn(3, 8, 4, 4, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(norm(8)(maps)[1:2], norm(8)(maps[1:2]))


def test_a_residual_block_whose_last_convolution_is_zero_is_the_identity() -> None:
    block = ResidualBlock(8)
    torch.nn.init.zeros_(block.conv2.weight)
    assert block.conv2.bias is not None
    torch.nn.init.zeros_(block.conv2.bias)
    maps = torch.randn(2, 8, 4, 4)
    assert torch.equal(block(maps), maps)


def test_downsample_halves_and_upsample_doubles_the_side() -> None:
    maps = torch.randn(2, 8, 8, 8)
    assert Downsample(8, 12)(maps).shape == (2, 12, 4, 4)
    assert Upsample(8, 12)(maps).shape == (2, 12, 16, 16)


def test_upsample_doubles_the_side_after_it_has_changed_the_channels() -> None:
    assert Upsample(8, 12)[0](torch.randn(2, 8, 8, 8)).shape == (2, 12, 8, 8)


def test_upsample_spreads_what_it_doubles_without_squares() -> None:
    layer = Upsample(8, 8)
    layer[2] = torch.nn.Identity()
    steps = layer(torch.randn(2, 8, 8, 8)).diff(dim=3)[..., 1:-1]
    assert (steps.abs() > 1e-6).all()  # repeated pixels would not differ


def test_channels_that_start_alike_lay_out_squares_without_a_pattern() -> None:
    squares = torch.nn.PixelShuffle(2)(icnr_init(torch.nn.Conv2d(4, 12, 3), 4)(torch.randn(2, 4, 6, 6)))
    repeated = squares[:, :, ::2, ::2].repeat_interleave(2, 2).repeat_interleave(2, 3)
    assert squares.std() > 0.1
    torch.testing.assert_close(squares, repeated)


def test_a_fresh_modulated_block_is_the_identity_whatever_the_condition() -> None:
    maps = torch.randn(2, 16, 4, 4)
    assert torch.equal(ModulatedBlock(16, 6)(maps, 100 * torch.randn(2, 6)), maps)


def test_an_opened_block_depends_on_its_own_condition_and_no_other_picture_s() -> None:
    block = ModulatedBlock(16, 6)
    for weight in block.parameters():
        torch.nn.init.normal_(weight)
    maps, condition = torch.randn(2, 16, 4, 4), torch.randn(2, 6)
    before = block(maps, condition)
    condition[0] += 1
    changed = (block(maps, condition) - before).abs().amax((1, 2, 3))
    assert changed[0] > 1e-2 and changed[1] == 0


def test_scale_and_shift_are_of_what_is_normalised() -> None:
    block = ModulatedBlock(8, 2)
    torch.nn.init.dirac_(block.conv1.weight)
    torch.nn.init.dirac_(block.conv2.weight)
    for convolution in (block.conv1, block.conv2):
        assert convolution.bias is not None
        torch.nn.init.zeros_(convolution.bias)
    with torch.no_grad():
        block.modulation.bias.copy_(torch.tensor([-1.0, 3.0, -1.0, 2.0]).repeat_interleave(8))
    maps = torch.randn(1, 8, 4, 4)
    added = torch.nn.functional.silu(torch.tensor(2.0))  # normalised to nothing, shifted by 2
    torch.testing.assert_close(block(maps, torch.randn(1, 2)), maps + added)


def test_fresh_attention_is_the_identity_and_opened_every_position_depends_on_the_others() -> None:
    attention, maps = Attention(16, heads=2), torch.randn(2, 16, 2, 2)
    assert torch.equal(attention(maps), maps)
    torch.nn.init.normal_(attention.out.weight)
    before = attention(maps)
    maps[0, 5, 1, 1] += 1
    changed = (attention(maps) - before).abs().amax(1)
    assert (changed[0] > 1e-6).all() and (changed[1] == 0).all()


def test_attention_is_equivariant_to_the_order_of_positions() -> None:
    attention, maps = Attention(16, heads=4), torch.randn(1, 16, 2, 2)
    torch.nn.init.normal_(attention.out.weight)
    torch.testing.assert_close(attention(maps.flip(2, 3)), attention(maps).flip(2, 3))


def test_attention_of_equal_positions_adds_their_projected_value() -> None:
    attention, maps = Attention(16, heads=4), torch.randn(1, 16, 1, 1).expand(1, 16, 3, 3)
    torch.nn.init.normal_(attention.out.weight)
    value = attention.qkv(attention.norm(maps)[0, :, 0, 0])[32:]
    torch.testing.assert_close(attention(maps)[0, :, 1, 1], maps[0, :, 1, 1] + attention.out(value))


def test_a_time_embedding_is_a_function_of_its_own_time_that_separates_near_times() -> None:
    embedding = TimeEmbedding(16)
    times = torch.tensor([0.0, 0.001, 0.5, 1.0, 0.5])
    vectors = embedding(times)
    assert vectors.shape == (5, 16)
    torch.testing.assert_close(vectors[2], vectors[4])
    assert all((vectors[a] - vectors[b]).abs().max() > 1e-4 for a, b in [(0, 1), (1, 2), (2, 3), (0, 3)])


def test_time_frequencies_are_not_part_of_a_checkpoint() -> None:
    assert not any("frequencies" in name for name in TimeEmbedding(16).state_dict())


def test_zero_init_gives_zero_for_any_input() -> None:
    assert not zero_init(torch.nn.Linear(3, 4))(torch.randn(2, 3)).any()
    assert not zero_init(torch.nn.Conv2d(3, 4, 1, bias=False))(torch.randn(2, 3, 2, 2)).any()


def test_pictures_at_half_size_are_means_of_four_pixels() -> None:
    picture = torch.tensor([[[[1.0, 2.0, 0.0, 0.0], [3.0, 6.0, 0.0, 4.0]]]])
    assert downsample_by_two(picture).tolist() == [[[[3.0, 1.0]]]]
