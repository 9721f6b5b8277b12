import numpy as np
import pytest

from painting.evaluation.metrics.diversity import MAX_GROUP_SIZE, diversity, group_indices


def test_diversity_is_the_mean_root_mean_square_difference_within_groups() -> None:
    rows = np.array([[0.0, 0], [3, 4], [10, 10], [10, 10], [99, 99]], np.float32)
    # One group's pair is √(25 / 2) apart, the other's 0; one alone says nothing.
    assert diversity(rows.__getitem__, ["a", "a", "b", "b", "c"]) == pytest.approx(np.sqrt(12.5) / 2)
    assert diversity(rows.__getitem__, list("abcde")) == 0


def test_every_group_has_the_same_weight_and_large_ones_are_cut() -> None:
    rows = np.concatenate([np.zeros((MAX_GROUP_SIZE, 1)), np.full((5, 1), 100.0), np.array([[0.0], [2.0]])])
    groups = ["large"] * (MAX_GROUP_SIZE + 5) + ["pair"] * 2
    assert diversity(rows.__getitem__, groups) == pytest.approx((0 + 2) / 2)


def test_members_of_a_group_keep_their_order() -> None:
    indices = group_indices(["a", "b", "a"])
    assert {group: members.tolist() for group, members in indices.items()} == {"a": [0, 2], "b": [1]}
