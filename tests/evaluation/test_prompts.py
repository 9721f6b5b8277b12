from collections.abc import Sequence

import numpy as np
import pytest

from painting.evaluation.prompts import (
    PaintedPictures,
    Request,
    caption_names,
    consecutive_seeds,
    evenly_spaced_indices,
    requests_of,
)
from painting.evaluation.reference import RealPictures
from painting.images import UInt8Array


@pytest.mark.parametrize(
    ("caption", "value", "named"),
    [
        ("a red rose", "rose", True),
        ("A Rose!", "rose", True),
        ("a primrose", "rose", False),
        ("roses", "rose", False),
        ("one tiger lily of many", "tiger lily", True),
        ("a c++ logo", "c++", True),
    ],
)
def test_a_caption_names_a_value_as_whole_words(caption: str, value: str, named: bool) -> None:
    assert caption_names(caption, value) is named


def reals(*captions: str) -> RealPictures:
    return RealPictures(
        split="test",
        size=8,
        content_hash="ab",
        names=("a.jpg",),
        captions=(captions,),
        labels=({"species": "rose", "color": "red"},),
        read=lambda ids: np.zeros((len(ids), 8, 8, 3), np.uint8),
    )


def test_the_prompt_is_the_first_caption_that_names_most_labels() -> None:
    (request,) = requests_of(reals("a rose", "a flower", "a red rose by Ann", "red rose"), np.array([0]))
    assert request.prompt == "a red rose by Ann"
    assert request.named == request.labels == {"species": "rose", "color": "red"}


def test_a_label_that_no_caption_names_is_not_in_the_prompt() -> None:
    (request,) = requests_of(reals("a flower", "a red flower"), np.array([0]))
    assert request.prompt == "a red flower"
    assert request.named == {"color": "red"}
    assert request.labels == {"species": "rose", "color": "red"}


def test_without_captions_there_is_no_prompt() -> None:
    (request,) = requests_of(reals(), np.array([0]))
    assert (request.prompt, request.named) == ("", {})


class Nothing:
    """Paints transparent black."""

    def paint_arrays(self, prompts: Sequence[str], seeds: Sequence[int]) -> UInt8Array:
        return np.zeros((len(seeds), 2, 2, 4), np.uint8)


def test_painted_pictures_with_alpha_are_laid_on_white() -> None:
    pictures = PaintedPictures(Nothing(), (Request("a rose", {}, {}),), (1,)).pictures(np.array([0]))
    assert pictures.shape == (1, 2, 2, 3) and (pictures == 255).all()


class Echo:
    """Paints the number of prompts and the seed."""

    def paint_arrays(self, prompts: Sequence[str], seeds: Sequence[int]) -> UInt8Array:
        return np.stack([np.full((2, 2, 3), 100 * len(prompts) + seed, np.uint8) for seed in seeds])


def test_pictures_are_painted_with_their_own_prompts_and_seeds() -> None:
    painted = PaintedPictures(Echo(), (Request("a", {}, {}), Request("b", {}, {})), (7, 8))
    assert painted.pictures(np.array([1]))[0, 0, 0, 0] == 108
    without = PaintedPictures(Echo(), (Request("", {}, {}),) * 2, (7, 8))
    assert without.pictures(np.array([1, 0]))[:, 0, 0, 0].tolist() == [8, 7]


def test_seeds_count_up_and_begin_anew_after_the_last() -> None:
    assert consecutive_seeds(2**32 - 2, 4) == (2**32 - 2, 2**32 - 1, 0, 1)


def test_ids_are_spread_over_all_pictures_and_never_more_than_there_are() -> None:
    assert evenly_spaced_indices(10, 4).tolist() == [0, 2, 5, 7]
    assert evenly_spaced_indices(3, 10).tolist() == [0, 1, 2]
