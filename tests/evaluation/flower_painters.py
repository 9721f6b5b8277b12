"""Painters of the tests' flowers: an honest one, and others with one fault each. N pictures, S side in px."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from tests.evaluation.conftest import COLORS, draw_flower

from painting.evaluation.reference import RealPictures
from painting.images import UInt8Array

KINDS = ("daisy", "tulip", "rose", "iris")
FRESH = 50_000
"""Seeds of pictures that are in no data set."""


class Honest:
    """Draws what the prompt says, somewhere by the seed."""

    def paint_arrays(self, prompts: Sequence[str], seeds: Sequence[int]) -> UInt8Array:
        return np.stack([self.paint(prompt, seed) for prompt, seed in zip(prompts, seeds, strict=True)])

    def paint(self, prompt: str, seed: int) -> UInt8Array:
        _, color, species = prompt.split()
        return draw_flower(species, color, FRESH + seed)


class Deaf(Honest):
    """Draws what the seed says, whatever the prompt."""

    def paint(self, prompt: str, seed: int) -> UInt8Array:
        draws = np.random.default_rng(seed)
        return draw_flower(str(draws.choice(KINDS)), str(draws.choice(list(COLORS))), FRESH + seed)


class SeedBlind(Honest):
    """Has one picture for each prompt."""

    def paint(self, prompt: str, seed: int) -> UInt8Array:
        return super().paint(prompt, len(prompt))


class HalfMissing(Honest):
    """Knows half of the kinds, and draws those instead of the others."""

    def paint(self, prompt: str, seed: int) -> UInt8Array:
        instead = {"rose": "daisy", "iris": "tulip"}
        article, color, species = prompt.split()
        return super().paint(f"{article} {color} {instead.get(species, species)}", seed)


class Apart(Honest):
    """Gets the kind right or the colour, and never both."""

    def paint(self, prompt: str, seed: int) -> UInt8Array:
        article, color, species = prompt.split()
        others = {"color": [c for c in COLORS if c != color], "kind": [kind for kind in KINDS if kind != species]}
        if seed % 2:
            return super().paint(f"{article} {others['color'][seed // 2 % len(others['color'])]} {species}", seed)
        return super().paint(f"{article} {color} {others['kind'][seed // 2 % len(others['kind'])]}", seed)


class Blurred(Honest):
    """Draws what the prompt says, out of focus."""

    def paint(self, prompt: str, seed: int) -> UInt8Array:
        soft = super().paint(prompt, seed).astype(np.float64)
        for axis in (0, 1, 0, 1):  # twice (1 2 1) / 4 is nearly a Gaussian of 1 px
            soft = (np.roll(soft, 1, axis) + 2 * soft + np.roll(soft, -1, axis)) / 4
        return np.rint(soft).astype(np.uint8)


class Noisy(Honest):
    """Draws what the prompt says, in coarse grain."""

    def paint(self, prompt: str, seed: int) -> UInt8Array:
        clean = super().paint(prompt, seed)
        grain = np.random.default_rng(seed).integers(-70, 71, clean.shape)
        grainy: UInt8Array = np.clip(clean + grain, 0, 255).astype(np.uint8)
        return grainy


@dataclass(frozen=True)
class Copyist(Honest):
    """Returns training pictures with the caption of the prompt, another one for another seed."""

    training: RealPictures

    def paint(self, prompt: str, seed: int) -> UInt8Array:
        fitting = [place for place, captions in enumerate(self.training.captions) if prompt in captions]
        (copied,) = self.training.pictures(np.array([fitting[seed % len(fitting)]]))
        return np.asarray(copied)
