"""Pairs of different pictures with the same caption and labels: how much pictures of one prompt vary.

Captions such as "a red rose" describe a class, and pictures of it vary; "factory, flat emoji" names one picture, and
there are no pairs.
"""

import numpy as np

from painting.data.picture_set import CaptionedSet, IntArray
from painting.images import FloatArray
from painting.training.rng import evenly_spaced_ids

SAMPLE_SIZE = 2000
"""Captioned pictures to find pairs among, each of few pictures with several of its captions."""
MIN_PAIRED_SHARE = 0.5
"""Of the sample: where fewer are in a pair, captions describe single pictures."""


def same_prompt_pairs(data: CaptionedSet) -> IntArray | None:
    """Random pairs (P, 2) of the ids of pictures of which one caption each, and all labels, are equal.

    None where captions describe single pictures.
    """
    rng = np.random.default_rng(0)
    ids = rng.permutation(_sample(data))  # (N,)
    vectors = data.text_vectors(ids, rng.random(len(ids), dtype=np.float32))  # (N, E)
    prompts = _row_numbers(np.concatenate([vectors, data.targets(ids)], axis=1))  # (N,)
    # A shuffle and a stable sort put equal prompts side by side in random order, and neighbours are paired: so P grows
    # with N, not with N², as all pairs would.
    order = np.argsort(prompts, kind="stable")
    ids, prompts = ids[order], prompts[order]
    paired = (prompts[1:] == prompts[:-1]) & (ids[1:] != ids[:-1])  # each with the one before
    in_any = np.append(paired, False) | np.append(False, paired)
    if in_any.mean() < MIN_PAIRED_SHARE:
        return None
    return np.stack([ids[:-1][paired], ids[1:][paired]], axis=1)


def _sample(data: CaptionedSet) -> IntArray:
    """Ids of evenly spaced pictures, all of them several times where they are few."""
    pictures = SAMPLE_SIZE if data.count is None else data.count // data.views
    # The first view of each alone: two crops of one picture would be a pair of very similar ones.
    ids = evenly_spaced_ids(min(SAMPLE_SIZE, pictures), data.count and pictures) * data.views
    return np.tile(ids, -(-SAMPLE_SIZE // len(ids)))


def _row_numbers(rows: FloatArray) -> IntArray:
    """Numbers (N,) of rows (N, K), equal where the rows are."""
    return np.unique(rows, axis=0, return_inverse=True)[1].reshape(-1)
