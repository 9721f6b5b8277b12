"""Partitions of a folder: training, and what is held out by split.json or by folders `train` and `test`.

A folder has a split (`split.json`), or it holds folders `train` and `test` with metadata of their own; otherwise all of
it is training data. The test partition of a split inside `train` becomes validation, since `test` lies outside.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from painting.data.folder.listing import METADATA_FILES, Example, Listing, read_folder
from painting.data.split import HELD_OUT_PARTITIONS, Partition, read_split


def read_partitions(folder: Path) -> dict[Partition, Listing]:
    """Partitions of a folder, training first, without empty ones; raises DataError as `read_folder` does."""
    folder = Path(folder)
    if has_partition_folders(folder):
        held_out: dict[Partition, Listing] = {
            partition: read_folder(folder / partition)
            for partition in HELD_OUT_PARTITIONS
            if _has_metadata(folder, partition)
        }
        inside = read_partitions(folder / "train")
        if "test" in inside:
            inside.setdefault("validation", inside.pop("test"))
        return inside | held_out
    listing = read_folder(folder)
    split = read_split(folder)
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
    """The training partition of a folder: all of it, where nothing is held out."""
    return read_partitions(folder)["train"]


def has_partition_folders(folder: Path) -> bool:
    """Whether a folder has no metadata itself and folders `train` and `test` with metadata each."""
    return not any((folder / name).is_file() for name in METADATA_FILES) and all(
        _has_metadata(folder, p) for p in ("train", "test")
    )


def _has_metadata(folder: Path, partition: str) -> bool:
    return any((folder / partition / name).is_file() for name in METADATA_FILES)
