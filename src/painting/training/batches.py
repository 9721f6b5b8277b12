"""Batches on their way from a picture set to a network: drawn, flipped, turned into floats, on the device."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from painting.data.picture_set import CaptionedSet, PictureSet
from painting.models.layers import downsample_by_two
from painting.training.class_balance import shares_by_kind
from painting.training.device import held_pictures
from painting.training.rng import Ids, RngKey, WeightedSampler, batch_ids


@dataclass(frozen=True)
class Selection:
    """Which pictures a step sees, and which of them mirrored: int64 and bool (N,)."""

    ids: Ids
    flips: NDArray[np.bool_]

    @classmethod
    def unmirrored(cls, ids: Ids) -> Self:
        """These pictures, all as they are."""
        return cls(ids, np.zeros(len(ids), np.bool_))


class Batches:
    """Draws from a picture set onto a device: N pictures of side S, A attributes."""

    def __init__(self, data: PictureSet, flip: bool, device: torch.device) -> None:
        self.data, self.flip, self.device = data, flip, device
        self._held = held_pictures(data, device)
        self.halves = False
        """Whether pictures come at half their side."""
        self._shares: WeightedSampler | None = None

    def select(self, key: RngKey, batch: int) -> Selection:
        """Choose a batch of pictures and which to mirror."""
        shares = self._shares
        ids = batch_ids(key, batch, self.data.count) if shares is None else shares.ids(key, batch)
        flips = key.numpy_generator("flips").random(batch) < (0.5 if self.flip else 0.0)
        return Selection(ids, flips)

    def pictures(self, selection: Selection) -> Tensor:
        """float (N, 3, S, S) in [-1, 1], or (N, 3, S/2, S/2)."""
        pixels = self._pixels(selection.ids)  # (N, S, S, 3)
        mirrored = torch.from_numpy(selection.flips).to(self.device)[:, None, None, None]
        # The permuted view lies in memory as channels last, which convolutions on a CPU run many times faster.
        maps = torch.where(mirrored, pixels.flip(2), pixels).permute(0, 3, 1, 2)  # (N, 3, S, S)
        pictures = maps.float() / 127.5 - 1
        return downsample_by_two(pictures) if self.halves else pictures

    def _pixels(self, ids: Ids) -> Tensor:
        """uint8 (N, S, S, 3)."""
        if self._held is not None:
            return self._held[torch.from_numpy(ids).to(self.device)]
        return torch.from_numpy(self.data.pictures(ids)).to(self.device)

    def at_half_size(self) -> Self:
        """The same, but with pictures at half their side."""
        same = copy.copy(self)
        same.halves = True
        return same

    def by_kind(self, evenness: float) -> Self:
        """The same, but rare kinds are drawn more often (`kinds`)."""
        same, shares = copy.copy(self), shares_by_kind(self.data, evenness)
        same._shares = None if shares is None else WeightedSampler(shares, self.data.views)
        return same

    def targets(self, selection: Selection) -> Tensor:
        """float (N, A) of 0 and 1."""
        return torch.from_numpy(self.data.targets(selection.ids)).to(self.device)


class CaptionedBatches(Batches):
    """Draws text vectors of width E too."""

    def __init__(
        self,
        data: CaptionedSet,
        flip: bool,
        device: torch.device,
        statistics: tuple[Sequence[float], Sequence[float]] | None = None,
    ) -> None:
        """`statistics`: mean and spread of captions, E numbers each, that are not these captions' own."""
        super().__init__(data, flip, device)
        self._text_vectors = data.text_vectors
        mean, std = statistics or (data.caption_mean, data.caption_std)
        self._mean = torch.tensor(mean, dtype=torch.float32, device=device)
        self._std = torch.tensor(std, dtype=torch.float32, device=device)

    def text(self, selection: Selection, key: RngKey) -> Tensor:
        """Standardised text vectors float (N, E) of one caption a picture, drawn anew."""
        choice = key.numpy_generator("captions").random(len(selection.ids), dtype=np.float32)
        return self.text_of(selection.ids, choice)

    def text_of(self, ids: Ids, choice: NDArray[np.float32]) -> Tensor:
        """Standardised text vectors float (N, E) of one caption a picture; `choice` (N,) in [0, 1) picks which."""
        return self.standardise(self._text_vectors(ids, choice))

    def wrong_text(self, selection: Selection, text: Tensor) -> tuple[Tensor, Tensor]:
        """Each picture's neighbour's text vector (N, E), and whether it is wrong there: bool (N,).

        A neighbour that shows the same, or is told by the same words, has no wrong caption to lend.
        """
        targets, others = self.targets(selection), text.roll(1, 0)  # (N, A), (N, E)
        same_words = (text == others).all(1)  # (N,)
        same_sight = (targets == targets.roll(1, 0)).all(1) & (targets.shape[1] > 0)  # (N,)
        return others, ~(same_words | same_sight)

    def standardise(self, vectors: NDArray[np.float32]) -> Tensor:
        """Text vectors as the text encoder gives them (N, E) → with the captions' mean and spread taken out."""
        return (torch.from_numpy(vectors).to(self.device) - self._mean) / self._std
