"""Interfaces of datasets and of their text encoder, wherever the pictures come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from painting.images import FloatArray, UInt8Array

IntArray = npt.NDArray[np.int64]

MIN_CAPTION_STD = 1e-2
ENDLESS_ID_COUNT = 2**62
"""Ids to draw from where a set is endless."""


class CaptionEncoder(Protocol):
    """Interface of a text encoder: `painting.text.encoder.TextEncoder` is one."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def sha256(self) -> str:
        """Hash of its files."""

    @property
    def width(self) -> int:
        """The width E of a text vector."""

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Text vectors (N, E)."""

    def readable(self, text: str) -> bool:
        """Whether the text has a word in the vocabulary."""

    def truncated(self, text: str) -> bool:
        """Whether the text has more tokens than the encoder reads."""


class PictureSet(Protocol):
    """Interface of a dataset of pictures of size S, by ids 0 … count-1 (below ENDLESS_ID_COUNT where count is None).

    N is the number of ids in a call, A the number of attributes.
    """

    @property
    def size(self) -> int:
        """The pictures' side S in px."""

    @property
    def count(self) -> int | None:
        """The number of ids; None: endless."""

    @property
    def views(self) -> int:
        """The number of consecutive ids that are views of the same picture, the first of them whole."""

    @property
    def attributes(self) -> tuple[str, ...]:
        """Attribute names: "species=rose"; without labels the captions' informative words: "word=petals"."""

    @property
    def content_hash(self) -> str:
        """Hash of pictures, captions and settings, so that a resumed run knows its data."""

    @property
    def summary(self) -> dict[str, object]:
        """Metadata for run folder and model card: pictures used and skipped, captions, the source's name."""

    def pictures(self, ids: IntArray) -> UInt8Array:
        """The pictures of these ids: (N, S, S, 3), 0 … 255."""

    def targets(self, ids: IntArray) -> FloatArray:
        """Multi-hot attributes of each picture: (N, A) of 0 and 1."""


@runtime_checkable
class TransparentSet(PictureSet, Protocol):
    """Interface of a dataset of pictures that may be transparent: its `pictures` are laid on white."""

    def pictures_and_alpha(self, ids: IntArray) -> UInt8Array:
        """Colours laid on white and alpha, 255 opaque, of these ids: (N, S, S, 4)."""


def training_pixels(data: PictureSet, ids: IntArray) -> UInt8Array:
    """What a model is trained on of the pictures of these ids: (N, S, S, 4) of a TransparentSet, else (N, S, S, 3)."""
    return data.pictures_and_alpha(ids) if isinstance(data, TransparentSet) else data.pictures(ids)


@runtime_checkable
class CaptionedSet(PictureSet, Protocol):
    """Interface of a dataset with captions, encoded by a text encoder of width E."""

    @property
    def example_prompts(self) -> tuple[str, ...]:
        """About 16 different prompts, always the same, for sample grids."""

    @property
    def captions(self) -> Sequence[str]:
        """The U different captions, always in the same order."""

    @property
    def caption_vectors(self) -> FloatArray:
        """Raw text vectors (U, E) of the different captions."""

    @property
    def caption_mean(self) -> FloatArray:
        """Mean (E,) of the captions' text vectors; each example weighs the same."""

    @property
    def caption_std(self) -> FloatArray:
        """Standard deviation (E,) of the captions' text vectors.

        Floored at MIN_CAPTION_STD, so that dimensions of low variance are not amplified.
        """

    @property
    def text_encoder_id(self) -> str:
        """The `id` of the text encoder."""

    @property
    def text_encoder_sha256(self) -> str:
        """The `sha256` of the text encoder."""

    def text_vectors(self, ids: IntArray, choice: FloatArray) -> FloatArray:
        """The raw text vector of one caption of each picture: (N, E); `choice` (N,) in [0, 1) picks which."""
