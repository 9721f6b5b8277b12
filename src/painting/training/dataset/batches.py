"""Training batches: from a picture set, sampled, flipped and converted to floats on the device."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from painting.data.picture_set import CaptionedSet, CaptionEncoder, IntArray, PictureSet, training_pixels
from painting.errors import TrainingError
from painting.training.dataset.class_balance import class_balanced_weights
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.dataset.same_prompt import same_prompt_pairs
from painting.training.device import pictures_on_device
from painting.training.rng import Ids, RngKey, WeightedSampler, batch_ids


@dataclass(frozen=True)
class Selection:
    """The pictures of a batch: ids int64 (N,), and which of them are mirrored, bool (N,)."""

    ids: Ids
    flips: NDArray[np.bool_]

    @classmethod
    def unmirrored(cls, ids: Ids) -> Self:
        """A batch of these pictures, none mirrored."""
        return cls(ids, np.zeros(len(ids), np.bool_))


class Batches:
    """Batches of a picture set on a device: N pictures of side S with C = 3 or 4 channels, A attributes."""

    def __init__(self, data: PictureSet, flip: bool, device: torch.device) -> None:
        self.data = data
        self.flip = flip
        self.device = device
        self._on_device = pictures_on_device(data, device)
        self._sampler: WeightedSampler | None = None

    def select(self, key: RngKey, batch: int) -> Selection:
        """Sample the pictures of a batch, and which of them to mirror."""
        sampler = self._sampler
        ids = batch_ids(key, batch, self.data.count) if sampler is None else sampler.ids(key, batch)
        flips = key.numpy_generator("flips").random(batch) < (0.5 if self.flip else 0.0)
        return Selection(ids, flips)

    def pictures(self, selection: Selection) -> Tensor:
        """float (N, C, S, S) in [-1, 1]: colours, laid on white where C is 4, and alpha."""
        pixels = self._pixels(selection.ids)  # (N, S, S, C)
        mirrored = torch.from_numpy(selection.flips).to(self.device)[:, None, None, None]
        # The permuted view lies in memory as channels last, which convolutions on a CPU run many times faster.
        maps = torch.where(mirrored, pixels.flip(2), pixels).permute(0, 3, 1, 2)  # (N, C, S, S)
        return maps.float() / 127.5 - 1

    def _pixels(self, ids: Ids) -> Tensor:
        """uint8 (N, S, S, C)."""
        if self._on_device is not None:
            return self._on_device[torch.from_numpy(ids).to(self.device)]
        return torch.from_numpy(training_pixels(self.data, ids)).to(self.device)

    def class_balanced(self, balance: float) -> Self:
        """The same batches with rare classes oversampled, `balance` from 0 (not) to 1 (all classes alike)."""
        same = copy.copy(self)
        weights = class_balanced_weights(self.data, balance)
        same._sampler = None if weights is None else WeightedSampler(weights, self.data.views)
        return same

    def targets(self, selection: Selection) -> Tensor:
        """The attributes of each picture: float (N, A) of 0 and 1."""
        return torch.from_numpy(self.data.targets(selection.ids)).to(self.device)


class CaptionedBatches(Batches):
    """Batches with text vectors of width E."""

    def __init__(
        self,
        data: CaptionedSet,
        flip: bool,
        device: torch.device,
        statistics: tuple[Sequence[float], Sequence[float]] | None = None,
    ) -> None:
        """`statistics`: mean and standard deviation of text vectors, E numbers each; None: these captions' own."""
        super().__init__(data, flip, device)
        self._captioned = data
        self._text_vectors = data.text_vectors
        mean, std = statistics or (data.caption_mean, data.caption_std)
        self._mean = torch.tensor(mean, dtype=torch.float32, device=device)
        self._std = torch.tensor(std, dtype=torch.float32, device=device)

    @cached_property
    def same_prompt_pairs(self) -> IntArray | None:
        """Pairs (P, 2) of different pictures of one prompt; None where captions describe single pictures."""
        return same_prompt_pairs(self._captioned)

    def text(self, selection: Selection, key: RngKey) -> Tensor:
        """Standardised text vectors float (N, E) of one caption per picture, sampled anew in every batch."""
        choice = key.numpy_generator("captions").random(len(selection.ids), dtype=np.float32)
        return self.standardise(self._text_vectors(selection.ids, choice))

    def mismatched_text(self, selection: Selection, text: Tensor) -> tuple[Tensor, Tensor]:
        """The text vector of each picture's neighbour in the batch (N, E), and whether it mismatches: bool (N,).

        It does not where the neighbour has the same caption, nor, where captions describe classes, the same attributes.
        """
        others = text.roll(1, 0)  # (N, E)
        fits = (text == others).all(1)  # (N,)
        if self.same_prompt_pairs is not None:
            targets = self.targets(selection)  # (N, A)
            fits |= (targets == targets.roll(1, 0)).all(1) & (targets.shape[1] > 0)
        return others, ~fits

    def standardise(self, vectors: NDArray[np.float32]) -> Tensor:
        """Text vectors of the text encoder (N, E) → with mean 0 and standard deviation 1 over the captions."""
        return (torch.from_numpy(vectors).to(self.device) - self._mean) / self._std


@dataclass(frozen=True)
class TrainingData:
    """What a run trains on: a picture set, the text encoder of its captions (None: it has none), and its info.

    Batches are on `device`; files that take minutes to compute, such as latents, are cached in `folder`.
    """

    pictures: PictureSet
    encoder: CaptionEncoder | None
    info: DatasetInfo
    device: torch.device
    folder: Path

    @classmethod
    def of(cls, pictures: PictureSet, encoder: CaptionEncoder | None, device: torch.device, folder: Path) -> Self:
        """The training data of a picture set, with its own info."""
        return cls(pictures, encoder, DatasetInfo.of(pictures), device, folder)

    def batches(self, flip: bool) -> Batches:
        """Batches without captions."""
        return Batches(self.pictures, flip, self.device)

    def captioned_batches(self, flip: bool) -> CaptionedBatches:
        """Batches with captions, standardised by the info's statistics; raises TrainingError without captions.

        After a warm start these are the statistics of the painter that the run started from.
        """
        if not isinstance(self.pictures, CaptionedSet) or self.encoder is None:
            raise TrainingError("This model is conditioned on text, but these pictures have no captions.")
        return CaptionedBatches(self.pictures, flip, self.device, (self.info.caption_mean, self.info.caption_std))

    def example_text(self, batches: CaptionedBatches) -> Tensor:
        """The standardised text vectors of the example prompts, for sample grids: float (P, E)."""
        assert self.encoder is not None
        return batches.standardise(self.encoder.encode(self.info.example_prompts))
