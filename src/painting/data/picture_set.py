"""What training asks of pictures and captions, wherever they come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from painting.images import FloatArray, UInt8Array

IntArray = npt.NDArray[np.int64]

SPREAD_FLOOR = 1e-2
ENDLESS = 2**62
"""How many ids there are to draw from where a set has no end."""


class CaptionEncoder(Protocol):
    """What a picture set needs of a text encoder: `painting.text.encoder.TextEncoder` is one."""

    @property
    def id(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def width(self) -> int: ...
    def encode(self, texts: Sequence[str]) -> FloatArray: ...
    def readable(self, text: str) -> bool: ...
    def truncated(self, text: str) -> bool: ...


class PictureSet(Protocol):
    """Pictures of one size S, addressed by id 0 … count-1 (any id below ENDLESS where count is None).

    N is the number of ids asked for, A the number of attributes.
    """

    @property
    def size(self) -> int:
        """The pictures' side S in px."""

    @property
    def count(self) -> int | None:
        """How many ids there are; None: endless."""

    @property
    def views(self) -> int:
        """How many ids in a row show the same picture, the first of them whole."""

    @property
    def attributes(self) -> tuple[str, ...]:
        """What pictures show: "species=rose"; without labels the captions' telling words: "word=petals"."""

    @property
    def content_hash(self) -> str:
        """Hash of pictures, captions and settings, so that a resumed run knows its data."""

    @property
    def summary(self) -> dict[str, object]:
        """For run folder and model card: pictures used and skipped, captions, the source's name."""

    def pictures(self, ids: IntArray) -> UInt8Array:
        """The pictures of these ids: (N, S, S, 3), 0 … 255."""

    def targets(self, ids: IntArray) -> FloatArray:
        """Which attributes each picture shows: (N, A) of 0 and 1."""


@runtime_checkable
class CaptionedSet(PictureSet, Protocol):
    """Pictures with captions, encoded by a text encoder of width E."""

    @property
    def example_prompts(self) -> tuple[str, ...]:
        """16 or so different prompts, always the same, for progress grids."""

    @property
    def caption_mean(self) -> FloatArray:
        """(E,) mean of the captions' text vectors; each example weighs the same."""

    @property
    def caption_std(self) -> FloatArray:
        """(E,) their standard deviation, never below a hundredth: rare directions must not shout."""

    @property
    def text_encoder_id(self) -> str: ...

    @property
    def text_encoder_sha256(self) -> str: ...

    def text_vectors(self, ids: IntArray, choice: FloatArray) -> FloatArray:
        """The raw text vector of one caption of each picture: (N, E); `choice` (N,) in [0, 1) picks which."""
