"""The parts of a folder: what training sees, and what is held out, however the folder says so.

A folder has a split (`split.json`), or it holds folders `train` and `test` with metadata of their own; otherwise all of
it is trained on. What a split inside of `train` holds out for testing serves to choose painters by: `test` is outside.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from painting.data.folder import METADATA, Example, Listing, read_folder
from painting.data.split import HELD_OUT, TRAIN, VALIDATION, Part, read_split


def read_parts(folder: Path) -> dict[Part, Listing]:
    """The parts of a folder that hold any picture, training's first; raises DataError as `read_folder` does."""
    folder = Path(folder)
    if is_parted(folder):
        held_out: dict[Part, Listing] = {part: read_folder(folder / part) for part in HELD_OUT if _has(folder, part)}
        inside = read_parts(folder / TRAIN)
        if "test" in inside:
            inside.setdefault(VALIDATION, inside.pop("test"))
        return inside | held_out
    listing, split = read_folder(folder), read_split(folder)
    if split is None:
        return {TRAIN: listing}
    examples: dict[Part, list[Example]] = defaultdict(list)
    for example in listing.examples:
        examples[split.part_of(example)].append(example)
    return {
        part: listing.only(examples[part], part, split.hash)
        for part in (TRAIN, *HELD_OUT)
        if part == TRAIN or examples[part]
    }


def read_training(folder: Path) -> Listing:
    """What training sees of a folder: all of it, where nothing says otherwise."""
    return read_parts(folder)[TRAIN]


def is_parted(folder: Path) -> bool:
    """Whether a folder is parted by folders `train` and `test`, each with metadata, and has none itself."""
    return not any((folder / name).is_file() for name in METADATA) and all(_has(folder, p) for p in (TRAIN, "test"))


def _has(folder: Path, part: str) -> bool:
    return any((folder / part / name).is_file() for name in METADATA)
