"""Pictures that share more structure than photographs of a kind do cost something; others nothing."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from painting.training.latent_flow import diversity_loss as module
from painting.training.latent_flow.diversity_loss import diversity_loss, reference_similarity, structure_similarity


def smooth(count: int, seed: int) -> Tensor:
    """Pictures of soft shapes of 32 px, (count, 3, 32, 32) in [-1, 1]."""
    coarse = torch.rand(count, 3, 8, 8, generator=torch.Generator().manual_seed(seed))
    return torch.nn.functional.interpolate(coarse, size=32, mode="bilinear") * 2 - 1


def test_similarity_is_one_to_itself_zero_to_unrelated_pictures_and_minus_one_to_the_negative() -> None:
    one, other = smooth(64, 0), smooth(64, 1)
    assert structure_similarity(one, one).shape == (3,)  # at 32, 16 and 8 px
    torch.testing.assert_close(structure_similarity(one, one), torch.ones(3), atol=1e-4, rtol=0)
    assert structure_similarity(one, other).abs().max() < 0.1
    assert structure_similarity(one, -one).max() < -0.9


def test_brightness_is_no_structure_and_empty_pictures_are_equal() -> None:
    one = smooth(8, 0)
    torch.testing.assert_close(structure_similarity(one, one + 0.3), torch.ones(3), atol=1e-4, rtol=0)
    torch.testing.assert_close(structure_similarity(0 * one, 0 * one + 0.5), torch.ones(3), atol=1e-4, rtol=0)


def test_only_similarity_beyond_the_reference_costs() -> None:
    one, other = smooth(64, 0), smooth(64, 1)
    shared = structure_similarity(one, one + other)
    assert diversity_loss(one, one + other, shared + 0.1) == 0
    torch.testing.assert_close(diversity_loss(one, one + other, shared - 0.1), torch.tensor(0.3))


def test_pictures_of_sixteen_bits_cost_as_much() -> None:
    one, other, reference = smooth(64, 0), smooth(64, 1), torch.full((3,), -1.0)
    rounded = diversity_loss(one.bfloat16(), (one + other).bfloat16(), reference)
    assert rounded.dtype == torch.float32
    torch.testing.assert_close(rounded, diversity_loss(one, one + other, reference), atol=0.01, rtol=0)


def test_minimising_the_loss_makes_pictures_differ() -> None:
    shared, reference = smooth(8, 0), torch.zeros(3)
    own = [(0.1 * smooth(8, seed)).requires_grad_() for seed in (1, 2)]
    optimizer = torch.optim.Adam(own, 0.02)
    begun = diversity_loss(shared + own[0], shared + own[1], reference)
    for _ in range(30):
        loss = diversity_loss(shared + own[0], shared + own[1], reference)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    assert begun > 2 and loss < 0.5


def batches(pairs: Any, pictures: Tensor) -> Any:
    """Batches of pictures (N, 3, S, S) with these pairs (P, 2) of one prompt each."""
    return SimpleNamespace(
        same_prompt_pairs=pairs, pictures=lambda selection: pictures[torch.from_numpy(selection.ids)]
    )


def test_the_reference_is_the_similarity_of_pictures_of_one_prompt() -> None:
    kinds = smooth(2, 0)
    pairs = np.array([[0, 2], [1, 3], [2, 0]])
    reference = reference_similarity(batches(pairs, torch.cat([kinds, kinds])))
    torch.testing.assert_close(reference, torch.ones(3), atol=1e-4, rtol=0)
    unlike = reference_similarity(batches(np.array([[0, 1]]), kinds))
    assert unlike is not None and unlike.abs().max() < 0.2


def test_the_reference_is_the_mean_of_all_pairs_whatever_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = np.arange(251)
    pairs = np.stack([numbers, np.roll(numbers, 1)], axis=1)
    some = batches(pairs, smooth(251, 0) + 0.5 * smooth(1, 1))
    reference = reference_similarity(some)
    monkeypatch.setattr(module, "PAIRS_PER_BATCH", 1000)
    at_once = reference_similarity(some)
    assert reference is not None and at_once is not None and reference.min() > 0.05
    torch.testing.assert_close(reference, at_once, atol=1e-5, rtol=0)


def test_there_is_no_reference_where_captions_describe_single_pictures() -> None:
    assert reference_similarity(batches(None, smooth(2, 0))) is None
