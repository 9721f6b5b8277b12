"""Pictures of one prompt are different ones with the same caption and labels, where captions describe classes."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from painting.training.dataset.same_prompt import SAMPLE_SIZE, same_prompt_pairs


def pictures(captions: Any, labels: Any = None, views: int = 1, count: int | None = 0) -> Any:
    """A set of pictures in so many views each, with numbers as captions (P, captions of each) and as labels (P,)."""
    captions = np.asarray(captions)
    labels = np.zeros(len(captions)) if labels is None else np.asarray(labels)
    return SimpleNamespace(
        count=len(captions) * views if count == 0 else count,
        views=views,
        targets=lambda ids: labels[ids // views, None].astype(np.float32),
        text_vectors=lambda ids, choice: np.stack(
            [captions[ids // views, (choice * captions.shape[1]).astype(int)], np.ones(len(ids))], axis=1
        ).astype(np.float32),
    )


@pytest.mark.parametrize(
    ("captions", "labels", "describe_classes"),
    [
        ([[0], [0], [1], [1]], None, True),
        ([[0], [1], [2], [3]], None, False),
        ([[0], [0], [1], [1]], [0, 1, 2, 3], False),
        ([[0]] * 6 + [[1], [2], [3], [4]], None, True),
        ([[0]] * 4 + [[1], [2], [3], [4], [5], [6]], None, False),
        ([[0, 8, 9], [1, 8, 9], [2, 8, 9], [3, 8, 9]], None, True),
        ([[0, 4, 8], [1, 5, 8], [2, 6, 8], [3, 7, 8]], None, False),
        ([[0]], None, False),
    ],
    ids=[
        "in pairs",
        "each its own",
        "of other labels",
        "six of ten",
        "four of ten",
        "two of three captions",
        "one of three captions",
        "one picture",
    ],
)
def test_pairs_share_a_caption_and_labels_where_half_of_the_sample_does(
    captions: Any, labels: Any, describe_classes: bool
) -> None:
    pairs = same_prompt_pairs(pictures(captions, labels))
    assert (pairs is not None) == describe_classes
    for one, other in [] if pairs is None else pairs:
        assert one != other and set(captions[one]) & set(captions[other])


def test_two_views_of_one_picture_are_no_pair() -> None:
    pairs = same_prompt_pairs(pictures([[0]] * 30, views=6))
    assert pairs is not None and (pairs % 6 == 0).all() and (pairs[:, 0] != pairs[:, 1]).all()


@pytest.mark.parametrize("count", [50_000, None])
def test_of_many_or_endlessly_many_pictures_some_are_sampled(count: int | None) -> None:
    pairs = same_prompt_pairs(pictures([[0]] * 50_000, count=count))
    assert pairs is not None and len(pairs) == SAMPLE_SIZE - 1
