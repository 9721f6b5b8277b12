"""How well the bundled painters distinguish familiar prompts from others, and whether noise changes what they paint.

    python -m benchmarks.prompts

The prompts are in prompts.toml. A red pixel is one whose red is well above its green and its blue.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from painting.images import UInt8Array
from painting.paint.painter import Painter

PROMPT_SETS = tomllib.loads((Path(__file__).parent / "prompts.toml").read_text(encoding="utf-8"))
SEED_COUNT = 20
MIN_RED_LEVEL = 90  # of 255
RED_TO_GREEN = 1.6
RED_TO_BLUE = 1.4


@dataclass(frozen=True)
class FamiliarityResult:
    """Prompts of a painter that are classified wrongly, of so many."""

    missed: list[str]
    falsely_familiar: list[str]
    count: int

    @property
    def accuracy(self) -> float:
        """The share of prompts that are classified rightly."""
        return 1 - (len(self.missed) + len(self.falsely_familiar)) / self.count


def familiarity(painter: Painter) -> FamiliarityResult:
    """Read the prompts of both kinds that belong to a bundled painter."""
    prompts = PROMPT_SETS[painter.name]
    missed = [prompt for prompt in prompts["familiar"] if not painter.read_prompt(prompt).familiar]
    false = [prompt for prompt in prompts["unfamiliar"] if painter.read_prompt(prompt).familiar]
    return FamiliarityResult(missed, false, len(prompts["familiar"]) + len(prompts["unfamiliar"]))


def red_shares(painter: Painter, prompts: Sequence[str]) -> list[float]:
    """The share of red pixels in the pictures of each prompt, over the same seeds."""
    seeds = range(SEED_COUNT)
    return [red_share(painter.paint_arrays([prompt] * SEED_COUNT, seeds)) for prompt in prompts]


def red_share(pictures: UInt8Array) -> float:
    """The share of red pixels of pictures (N, H, W, 3)."""
    red, green, blue = np.moveaxis(pictures.astype(np.float32), -1, 0)
    is_red = (red > MIN_RED_LEVEL) & (red > RED_TO_GREEN * green) & (red > RED_TO_BLUE * blue)
    return float(is_red.mean())


def main() -> None:
    """Print both measurements."""
    for name in ("flowers", "shapes"):
        result = familiarity(Painter.load(name))
        print(f"{name}: {result.accuracy:.1%} of {result.count} prompts are classified rightly")
        print(f"  familiar, but classified as unfamiliar: {'; '.join(result.missed) or 'none'}")
        print(f"  the other way round: {'; '.join(result.falsely_familiar) or 'none'}")
    noise = PROMPT_SETS["noise"]
    plain, *shares = red_shares(Painter.load("flowers"), [noise["plain"], *noise["prompts"]])
    print(f"red pixels of '{noise['plain']}' over {SEED_COUNT} seeds: {plain:.1%}; of others, in proportion:")
    for prompt, share in zip(noise["prompts"], shares, strict=True):
        print(f"  {share / plain:.2f}  {prompt}")


if __name__ == "__main__":
    main()
