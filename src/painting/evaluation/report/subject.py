"""A painter that is measured: its file, its pictures at the size of the others, and what speaks for caution."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from painting.evaluation.report.real_data import RealData
from painting.files.archive import file_sha256
from painting.images import UInt8Array, to_pil
from painting.painter import Painter


@dataclass(frozen=True)
class Subject:
    """A loaded painter, the file that it came from, and the size in px at which its pictures are looked at."""

    painter: Painter
    path: Path
    size: int
    threads: int

    @property
    def name(self) -> str:
        return self.painter.name

    @property
    def conditional(self) -> bool:
        """Whether it takes a prompt."""
        return self.painter.conditional

    @property
    def sha256(self) -> str:
        """Of its file."""
        return file_sha256(self.path)

    def paint_arrays(self, prompts: Sequence[str], seeds: Sequence[int]) -> UInt8Array:
        """One picture for each prompt and seed, at the size it is looked at: uint8 (N, S, S, 3)."""
        return resized(self.painter.paint_arrays(prompts, seeds), self.size)

    def doubts(self, real: RealData) -> tuple[str, ...]:
        """What the painter's card says that does not go with these pictures."""
        doubts = []
        if self.painter.size != self.size:
            doubts.append(f"It paints {self.painter.size} px; its pictures were resized to {self.size} px.")
        told = self.painter.manifest.card.get("data")
        count = told.get("pictures") if isinstance(told, dict) else None
        if isinstance(count, int) and self.conditional and real.trained_on not in (None, count):
            doubts.append(
                f"It was trained on {count:,} pictures, and the training part here holds {real.trained_on:,}: if it "
                "has seen the test pictures, figures on them say nothing of pictures that it has not seen."
            )
        if self.painter.manifest.card.get("began_from"):
            doubts.append("It began from another painter: if that one has seen the test pictures, figures flatter it.")
        return tuple(doubts)


def resized(pictures: UInt8Array, size: int) -> UInt8Array:
    """Pictures (N, S, S, 3) at another size, by the filter that prepares real ones; as they are where it fits."""
    if pictures.shape[1] == size:
        return pictures
    smaller = [to_pil(picture).resize((size, size), Image.Resampling.LANCZOS) for picture in pictures]
    return np.stack([np.asarray(image) for image in smaller]) if smaller else np.zeros((0, size, size, 3), np.uint8)
