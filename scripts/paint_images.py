"""Paint the pictures that the documentation shows of the bundled flowers painter: none is chosen.

python scripts/paint_images.py
"""

from pathlib import Path

import numpy as np
from PIL import Image

import painting
from painting.images import UInt8Array, grid
from painting.paint.painter import Painter

IMAGES = Path(__file__).parent.parent / "docs" / "images"
PROMPTS = (
    "a white daisy",
    "a yellow sunflower",
    "a red rose",
    "a pink tulip",
    "a yellow dandelion against a blue sky",
    "an orange tiger lily",
)
SEEDS = range(8)
MORPHS = (
    ("a red rose", "a white daisy", 11, None),
    ("a yellow sunflower", None, 11, 7),
    ("a yellow dandelion", "a pink tulip", 7, 4),
)
STEPS = 8
QUALITY = 88


def flowers(painter: Painter) -> UInt8Array:
    """A row for each prompt, a column for each of the first seeds."""
    rows = [painter.paint_arrays([prompt] * len(SEEDS), SEEDS) for prompt in PROMPTS]
    return grid(np.concatenate(rows), len(SEEDS))


def morphs(painter: Painter) -> UInt8Array:
    """A row for each morph."""
    rows = [painter.morph(start, end, STEPS, seed, to_seed).arrays for start, end, seed, to_seed in MORPHS]
    return grid(np.concatenate(rows), STEPS)


def main() -> None:
    """Write both pictures."""
    painter = painting.load("flowers")
    for name, pictures in (("flowers", flowers(painter)), ("morph", morphs(painter))):
        Image.fromarray(pictures).save(IMAGES / f"{name}.webp", quality=QUALITY, method=6)


if __name__ == "__main__":
    main()
