"""Pictures that share more structure than photographs of a kind do cost something; others nothing."""

from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

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


def batches(targets: Any, pictures: Tensor, views: int = 1) -> Any:
    """Batches of pictures (N, 3, S, S) in so many views each, with targets (N / views, A)."""

    def targets_of(ids: Any) -> Any:
        return np.asarray(targets, np.float32)[ids // views]

    return SimpleNamespace(
        data=SimpleNamespace(count=len(pictures), views=views, targets=targets_of),
        pictures=lambda selection: pictures[torch.from_numpy(selection.ids)],
    )


def test_the_reference_is_measured_between_photographs_of_equal_labels() -> None:
    kinds = smooth(2, 0)
    pictures = torch.cat([kinds[:1].expand(150, -1, -1, -1), kinds[1:].expand(150, -1, -1, -1)])
    labels = [[1, 0]] * 150 + [[0, 1]] * 150
    shuffled = torch.randperm(300, generator=torch.Generator().manual_seed(0))
    reference = reference_similarity(batches(np.array(labels)[shuffled], pictures[shuffled]))
    torch.testing.assert_close(reference, torch.ones(3), atol=1e-4, rtol=0)


def test_two_views_of_one_photograph_are_no_pair() -> None:
    photographs = smooth(30, 0)
    reference = reference_similarity(batches(np.ones((30, 1)), photographs.repeat_interleave(6, dim=0), views=6))
    assert reference is not None and reference.abs().max() < 0.2


def test_the_reference_is_the_mean_of_all_pairs_whatever_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = batches(np.ones((251, 1)), smooth(251, 0) + 0.5 * smooth(1, 1))
    reference = reference_similarity(seen)
    monkeypatch.setattr(module, "PAIRS_PER_BATCH", 1000)
    at_once = reference_similarity(seen)
    assert reference is not None and at_once is not None and reference.min() > 0.05
    torch.testing.assert_close(reference, at_once, atol=1e-5, rtol=0)


@pytest.mark.parametrize("count", [100, None])
def test_of_many_or_endlessly_many_photographs_some_are_measured(
    count: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_REFERENCE_PICTURES", 20)
    seen = batches(np.ones((100, 1)), smooth(100, 0))
    seen.data.count, seen.pictures = count, Mock(side_effect=seen.pictures)
    assert reference_similarity(seen) is not None
    assert [len(call.args[0].ids) for call in seen.pictures.call_args_list] == [19, 19]


@pytest.mark.parametrize(
    ("targets", "known"),
    [
        ([[1, 0]] * 2 + [[0, 1]] * 2, True),
        (np.eye(4), False),
        ([[1, 1, 0, 0]] * 2 + [[0, 0, 1, 0], [0, 0, 0, 1]], True),
        ([[1, 1, 0, 0]] * 2 + [[0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 1]], False),
        (np.zeros((4, 3)), False),
        (np.zeros((4, 0)), False),
    ],
    ids=["all in pairs", "all alone", "half in pairs", "fewer than half", "nothing is shown", "nothing is told"],
)
def test_there_is_a_reference_where_half_of_the_photographs_are_in_pairs(targets: Any, known: bool) -> None:
    reference = reference_similarity(batches(targets, smooth(len(targets), 0)))
    assert (reference is not None) == known
