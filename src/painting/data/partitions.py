"""The parts of a folder: what training sees, and what is held out, however the folder says so.

A folder has a split (`split.json`), or it holds folders `train` and `test` with metadata of their own; otherwise all of
it is trained on. What a split inside of `train` holds out for testing serves to choose painters by: `test` is outside.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from painting.data.folder import METADATA, Example, Listing, read_folder
from painting.data.split import HELD_OUT_PARTITIONS, Partition, read_split


def read_partitions(folder: Path) -> dict[Partition, Listing]:
    """The parts of a folder that hold any picture, training's first; raises DataError as `read_folder` does."""
    folder = Path(folder)
    if has_partition_folders(folder):
        held_out: dict[Partition, Listing] = {
            partition: read_folder(folder / partition) for partition in HELD_OUT_PARTITIONS if _has(folder, partition)
        }
        inside = read_partitions(folder / "train")
        if "test" in inside:
            inside.setdefault("validation", inside.pop("test"))
        return inside | held_out
    listing, split = read_folder(folder), read_split(folder)
    if split is None:
        return {"train": listing}
    examples: dict[Partition, list[Example]] = defaultdict(list)
    for example in listing.examples:
        examples[split.partition_of(example)].append(example)
    return {
        partition: listing.only(examples[partition], partition, split.hash)
        for partition in ("train", *HELD_OUT_PARTITIONS)
        if partition == "train" or examples[partition]
    }


def read_training(folder: Path) -> Listing:
    """What training sees of a folder: all of it, where nothing says otherwise."""
    return read_partitions(folder)["train"]


def has_partition_folders(folder: Path) -> bool:
    """Whether a folder is parted by folders `train` and `test`, each with metadata, and has none itself."""
    return not any((folder / name).is_file() for name in METADATA) and all(_has(folder, p) for p in ("train", "test"))


def _has(folder: Path, partition: str) -> bool:
    return any((folder / partition / name).is_file() for name in METADATA)
