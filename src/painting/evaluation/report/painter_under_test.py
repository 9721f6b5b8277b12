"""The painter under test: its file, its pictures resized to the evaluation's size, and cautions from its card."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from painting.evaluation.report.real_data import RealData
from painting.files.archive import file_sha256
from painting.images import UInt8Array, to_pil
from painting.paint.painter import Painter


@dataclass(frozen=True)
class PainterUnderTest:
    """A loaded painter, its file, and the size in px at which its pictures are measured."""

    loaded: Painter
    path: Path
    size: int
    threads: int

    @property
    def name(self) -> str:
        """The painter's name."""
        return self.loaded.name

    @property
    def conditional(self) -> bool:
        """Whether it takes a prompt."""
        return self.loaded.conditional

    @property
    def sha256(self) -> str:
        """The hash of its file."""
        return file_sha256(self.path)

    def paint_arrays(self, prompts: Sequence[str], seeds: Sequence[int]) -> UInt8Array:
        """One picture for each prompt and seed, at the evaluation's size: uint8 (N, S, S, C)."""
        return resized(self.loaded.paint_arrays(prompts, seeds), self.size)

    def cautions(self, real: RealData) -> tuple[str, ...]:
        """Notes where the painter's card does not fit the reference data."""
        card = self.loaded.manifest.card
        cautions = []
        if self.loaded.size != self.size:
            cautions.append(f"It paints {self.loaded.size} px; its pictures were resized to {self.size} px.")
        own = _training_pictures(card)
        if own is not None and self.conditional and real.training_count not in (None, own):
            cautions.append(
                f"It was trained on {own:,} pictures, and the training set here holds {real.training_count:,}: if the "
                "test pictures were among them, figures on them say nothing about held-out pictures."
            )
        if card.get("began_from"):
            cautions.append(
                "It began from another painter: if that one was trained on the test pictures, figures flatter it."
            )
        return tuple(cautions)


def _training_pictures(card: dict[str, object]) -> int | None:
    """The number of training pictures in a card, whose content is free; None where there is none."""
    data = card.get("data")
    count = data.get("pictures") if isinstance(data, dict) else None
    return count if isinstance(count, int) else None


def resized(pictures: UInt8Array, size: int) -> UInt8Array:
    """Pictures (N, S, S, C) at another size, by the filter that prepares real ones; unchanged where it fits."""
    if pictures.shape[1] == size:
        return pictures
    smaller = [np.asarray(to_pil(picture).resize((size, size), Image.Resampling.LANCZOS)) for picture in pictures]
    return np.array(smaller, np.uint8).reshape(-1, size, size, pictures.shape[-1])
