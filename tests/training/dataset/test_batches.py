"""Pictures reach a network in their range, mirrored together with nothing else, and texts standardised."""

from dataclasses import replace

import numpy as np
import torch

from painting.data.picture_set import CaptionedSet
from painting.training.dataset.batches import CaptionedBatches, Selection
from painting.training.dataset.class_balance import class_balanced_weights
from painting.training.rng import RngKey

HERE = RngKey(seed=1, stage="prior", step=0)
CPU = torch.device("cpu")


def chosen(ids: list[int], flips: list[bool]) -> Selection:
    return Selection(np.array(ids), np.array(flips))


def test_pictures_are_floats_from_minus_one_to_one_channels_first(
    finite: CaptionedSet, batches: CaptionedBatches
) -> None:
    maps = batches.pictures(chosen([3, 5], [False, False]))
    assert maps.shape == (2, 3, 16, 16) and maps.dtype == torch.float32
    wanted = torch.from_numpy(finite.pictures(np.array([3, 5])).astype(np.float32) / 127.5 - 1)
    torch.testing.assert_close(maps.permute(0, 2, 3, 1), wanted)
    assert -1 <= maps.min() < -0.95 and 0.95 < maps.max() <= 1


def test_pictures_lie_in_memory_channels_last(batches: CaptionedBatches) -> None:
    assert batches.pictures(chosen([0, 1], [True, False])).is_contiguous(memory_format=torch.channels_last)


def test_a_flip_mirrors_left_and_right_of_its_own_picture(batches: CaptionedBatches) -> None:
    plain = batches.pictures(chosen([3, 5], [False, False]))
    flipped = batches.pictures(chosen([3, 5], [True, False]))
    assert torch.equal(flipped[0], plain[0].flip(2))
    assert torch.equal(flipped[1], plain[1])


def test_flipping_leaves_the_picture_set_as_it_is(finite: CaptionedSet, batches: CaptionedBatches) -> None:
    before = finite.pictures(np.array([3])).copy()
    batches.pictures(chosen([3], [True]))
    assert (finite.pictures(np.array([3])) == before).all()


def test_half_of_the_pictures_are_flipped_or_none(finite: CaptionedSet) -> None:
    assert 400 < CaptionedBatches(finite, True, CPU).select(HERE, 1000).flips.sum() < 600
    assert not CaptionedBatches(finite, False, CPU).select(HERE, 1000).flips.any()


def test_a_selection_is_a_function_of_the_draw(batches: CaptionedBatches) -> None:
    one, again, other = (batches.select(key, 12) for key in (HERE, HERE, replace(HERE, step=1)))
    assert (one.ids == again.ids).all() and (one.flips == again.flips).all()
    assert (one.ids != other.ids).any() and (one.flips != other.flips).any()


def test_rare_kinds_are_drawn_more_often_by_kind(finite: CaptionedSet) -> None:
    plain = CaptionedBatches(finite, True, CPU)
    shares = class_balanced_weights(finite, 1.0)
    assert shares is not None and shares.max() > 1.5 * shares.min()
    drawn = np.bincount(plain.class_balanced(1.0).select(HERE, 10_000).ids, minlength=len(shares))
    np.testing.assert_allclose(drawn / 10_000, shares, rtol=0.2)


def test_without_evenness_by_kind_changes_nothing(batches: CaptionedBatches) -> None:
    assert (batches.class_balanced(0.0).select(HERE, 12).ids == batches.select(HERE, 12).ids).all()


def test_targets_belong_to_the_pictures(finite: CaptionedSet, batches: CaptionedBatches) -> None:
    targets = batches.targets(chosen([3, 5], [True, False]))
    assert targets.dtype == torch.float32
    assert (targets.numpy() == finite.targets(np.array([3, 5]))).all()


def test_texts_over_the_whole_set_have_mean_zero_and_spread_one(
    finite: CaptionedSet, batches: CaptionedBatches
) -> None:
    ids = np.arange(24)
    both = [finite.text_vectors(ids, np.full(24, choice, np.float32)) for choice in (0, 0.5)]
    vectors = batches.standardise(np.concatenate(both))
    torch.testing.assert_close(vectors.mean(0), torch.zeros(5), atol=1e-5, rtol=0)
    torch.testing.assert_close(vectors.std(0, correction=0), torch.ones(5))


def test_texts_are_standardised_by_other_captions_statistics_if_they_are_given(finite: CaptionedSet) -> None:
    mean, std = (1.0, 2.0, 3.0, 4.0, 5.0), (0.5, 1.0, 2.0, 4.0, 8.0)
    vectors = np.tile(np.arange(10, 15, dtype=np.float32), (2, 1))
    standardised = CaptionedBatches(finite, True, CPU, (mean, std)).standardise(vectors)
    assert standardised.tolist() == 2 * [[18.0, 9.0, 4.5, 2.25, 1.125]]


def test_each_step_draws_one_of_a_pictures_captions_anew(finite: CaptionedSet, batches: CaptionedBatches) -> None:
    selection = chosen([3], [False])
    options = [batches.standardise(finite.text_vectors(selection.ids, np.array([c], np.float32))) for c in (0, 0.5)]
    drawn = [batches.text(selection, replace(HERE, step=step)) for step in range(20)]
    counts = [sum(torch.equal(text, option) for text in drawn) for option in options]
    assert sum(counts) == 20 and min(counts) >= 3
    assert torch.equal(batches.text(selection, HERE), drawn[0])


def test_a_neighbour_lends_a_wrong_caption_unless_it_shows_or_says_the_same(batches: CaptionedBatches) -> None:
    selection = Selection(np.arange(4), np.zeros(4, np.bool_))
    text = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [1.0, 1.0]])
    targets = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    batches.targets = lambda selection: targets  # type: ignore[method-assign]
    others, wrong = batches.mismatched_text(selection, text)
    assert torch.equal(others, text[[3, 0, 1, 2]])
    assert wrong.tolist() == [True, False, False, True]  # the same sight, the same words
    batches.targets = lambda selection: torch.zeros(4, 0)  # type: ignore[method-assign]
    assert batches.mismatched_text(selection, text)[1].tolist() == [True, True, False, True]  # nothing known of sights
    batches.targets = lambda selection: targets  # type: ignore[method-assign]
    batches.same_prompt_pairs = None  # captions describe single pictures
    assert batches.mismatched_text(selection, text)[1].tolist() == [True, True, False, True]
