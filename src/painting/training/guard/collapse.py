"""Collapse: how much a run's samples differ, as a share of real pictures, and whether they have stopped to.

The shares go into stats.jsonl, and the verdict is a function of its lines, so that a resumed run reaches the same one.
Letters: N pictures, P prompts, K seeds of each, S side in px, T side of a thumbnail.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from statistics import median
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from painting.data.picture_set import CaptionedSet, PictureSet
from painting.errors import TrainingError
from painting.images import UInt8Array
from painting.training.dataset.same_prompt import same_prompt_pairs
from painting.training.rng import evenly_spaced_ids

THUMBNAIL_SIDE = 16
"""In px: what is left of a picture there is its composition, not its noise."""
MAX_REAL_PICTURES = 256
MIN_REAL_LEVELS = 1.0
"""In levels of 255: real pictures that differ less from one another give no measure."""
SHARE_NAMES = {
    "contrast_share": "within a sample",
    "variety_share": "between samples",
    "seed_variety_share": "between seeds of one prompt",
}
"""What the standard deviation of pixels is taken over, by its name in stats.jsonl."""
HEALTHY_SHARE = 0.3
"""Of real pictures: samples that have once reached it can collapse."""
COLLAPSED_SHARE = 0.1
"""Of real pictures: a painter at work has a third and more, black squares have nothing."""
DIVERGENCE_FACTOR = 100.0
"""A loss that is so many times its earlier median (at least 1) has diverged."""
MIN_EARLIER_TICKS = 3
"""Of fewer ticks a median says little."""


class Condition(Enum):
    """How a run's samples are at a tick: a suspect tick is not saved, and collapsed are two in a row, or the last."""

    HEALTHY = "healthy"
    SUSPECT = "suspect"
    COLLAPSED = "collapsed"


class Collapsed(TrainingError):
    """A run was stopped because its samples collapsed or a loss diverged; its last good checkpoint stays."""


class SampleWatch:
    """Measures the samples of a run against real pictures."""

    def __init__(self, real: UInt8Array, seeds_vary: bool = True) -> None:
        """`real`: (N, S, S, 3); `seeds_vary`: whether pictures of one prompt differ."""
        self._seeds_vary = seeds_vary
        thumbnails = _thumbnails(real)  # (N, T·T, 3)
        self._real_contrast = _contrast(thumbnails)
        self._real_variety = _variety(thumbnails)

    @classmethod
    def of(cls, data: PictureSet) -> "SampleWatch":
        """Against evenly spaced pictures of a set, the first view of each.

        Where captions describe single pictures, a painter that paints just that one at all seeds has not collapsed.
        """
        pictures = MAX_REAL_PICTURES if data.count is None else data.count // data.views
        real = data.pictures(evenly_spaced_ids(min(MAX_REAL_PICTURES, pictures), pictures) * data.views)
        return cls(real, not isinstance(data, CaptionedSet) or same_prompt_pairs(data) is not None)

    def shares(self, samples: UInt8Array) -> dict[str, float]:
        """Contrast and variety of samples (P, K, S, S, 3) as shares of real pictures', by `SHARE_NAMES`.

        Without that between seeds where they do not vary; empty where real pictures are all alike.
        """
        if min(self._real_contrast, self._real_variety) < MIN_REAL_LEVELS:
            return {}
        prompts, seeds = samples.shape[:2]
        thumbnails = _thumbnails(samples.reshape(-1, *samples.shape[2:]))  # (P·K, T·T, 3)
        shares = {
            "contrast_share": _contrast(thumbnails) / self._real_contrast,
            "variety_share": _variety(thumbnails) / self._real_variety,
        }
        if self._seeds_vary:
            of_prompts = thumbnails.reshape(prompts, seeds, *thumbnails.shape[1:])
            seed_variety = float(np.mean([_variety(of_prompt) for of_prompt in of_prompts]))
            shares["seed_variety_share"] = seed_variety / self._real_variety
        return shares


def condition(lines: Sequence[Mapping[str, Any]], is_last: bool) -> tuple[Condition, str]:
    """The condition of a stage at the newest of its lines of stats.jsonl, and what is wrong with it in words.

    `is_last`: at the stage's end there is no second tick to wait for.
    """
    if diverged := _diverged_loss(lines):
        return Condition.COLLAPSED, diverged
    for name, where in SHARE_NAMES.items():
        shares = [line[name] for line in lines if name in line]
        if not shares or shares[-1] >= COLLAPSED_SHARE or max(shares) < HEALTHY_SHARE:
            continue
        words = f"the variety {where} fell from {max(shares):.0%} to {shares[-1]:.0%} of that of real pictures"
        again = len(shares) > 1 and shares[-2] < COLLAPSED_SHARE
        return (Condition.COLLAPSED if again or is_last else Condition.SUSPECT), words
    return Condition.HEALTHY, ""


def _diverged_loss(lines: Sequence[Mapping[str, Any]]) -> str:
    """What diverged at the newest line, in words; empty: nothing."""
    for name, value in lines[-1].items():
        if not name.endswith("_loss"):
            continue
        earlier = [abs(line[name]) for line in lines[:-1] if name in line]
        if len(earlier) >= MIN_EARLIER_TICKS and abs(value) > DIVERGENCE_FACTOR * max(1.0, median(earlier)):
            return f"{name} went from {median(earlier):.3g} to {value:.3g}"
    return ""


def _thumbnails(pictures: UInt8Array) -> NDArray[np.float32]:
    """Pictures (N, S, S, 3) at `THUMBNAIL_SIDE` or their own smaller side T: float32 (N, T·T, 3), 0 … 255."""
    maps = torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float()  # (N, 3, S, S)
    side = min(THUMBNAIL_SIDE, maps.shape[-1])
    thumbnails: NDArray[np.float32] = F.adaptive_avg_pool2d(maps, side).flatten(2).transpose(1, 2).numpy()
    return thumbnails


def _contrast(thumbnails: NDArray[np.float32]) -> float:
    """The standard deviation over the pixels of a thumbnail, mean over thumbnails (N, T·T, 3) and channels."""
    return float(thumbnails.std(axis=1).mean())


def _variety(thumbnails: NDArray[np.float32]) -> float:
    """The standard deviation over thumbnails (N, T·T, 3), mean over pixels and channels."""
    return float(thumbnails.std(axis=0).mean())
