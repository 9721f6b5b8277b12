"""Blocks keep or change shapes as they say, and start as the identity where they say so."""

import pytest
import torch

from painting.models.layers import (
    Downsample,
    ResidualBlock,
    TimeEmbedding,
    TransformerBlock,
    Upsample,
    modulate,
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


def test_a_fresh_transformer_block_is_the_identity_whatever_the_condition() -> None:
    block = TransformerBlock(16, heads=2)
    tokens = torch.randn(2, 4, 16)
    assert torch.equal(block(tokens, block.modulation(100 * torch.randn(2, 16))), tokens)


def test_an_opened_gate_lets_every_token_see_the_others_but_no_other_picture() -> None:
    block = TransformerBlock(16, heads=2)
    tokens, modulation = torch.randn(2, 4, 16), torch.randn(2, 6 * 16)
    before = block(tokens, modulation)
    tokens[0, 3, 5] += 1  # in one entry: the same for all would be normalised away
    changed = (block(tokens, modulation) - before).abs().amax(2)
    assert (changed[0] > 1e-6).all()
    assert (changed[1] == 0).all()


def test_attention_does_not_know_the_order_of_tokens() -> None:
    block = TransformerBlock(16, heads=4)
    tokens, order = torch.randn(1, 4, 16), [2, 0, 3, 1]
    torch.testing.assert_close(block.attention(tokens[:, order]), block.attention(tokens)[:, order])


def test_attention_of_equal_tokens_is_their_projected_value() -> None:
    block = TransformerBlock(16, heads=4)
    tokens = torch.randn(1, 1, 16).expand(1, 4, 16)
    value = block.qkv(tokens)[..., 32:]
    torch.testing.assert_close(block.attention(tokens), block.out(value))


def test_a_time_embedding_is_a_function_of_its_own_time_that_tells_near_times_apart() -> None:
    embedding = TimeEmbedding(16)
    times = torch.tensor([0.0, 0.001, 0.5, 1.0, 0.5])
    vectors = embedding(times)
    assert vectors.shape == (5, 16)
    torch.testing.assert_close(vectors[2], vectors[4])
    assert all((vectors[a] - vectors[b]).abs().max() > 1e-4 for a, b in [(0, 1), (1, 2), (2, 3), (0, 3)])


def test_time_frequencies_are_not_part_of_a_checkpoint() -> None:
    assert not any("frequencies" in name for name in TimeEmbedding(16).state_dict())


def test_modulate_by_nothing_keeps_and_otherwise_scales_then_shifts() -> None:
    tokens, nothing = torch.tensor([[[2.0, 3.0]]]), torch.zeros(1, 1, 2)
    assert torch.equal(modulate(tokens, nothing, nothing), tokens)
    shifted = modulate(tokens, torch.tensor([[[1.0, -1.0]]]), torch.tensor([[[1.0, 0.5]]]))
    assert shifted.tolist() == [[[5.0, 3.5]]]


def test_zero_init_gives_zero_for_any_input() -> None:
    assert not zero_init(torch.nn.Linear(3, 4))(torch.randn(2, 3)).any()
