"""Names of the partitions of a dataset, as folders and columns of other tools have them."""

from typing import Literal

Partition = Literal["train", "validation", "test", "zero-shot"]

SPLIT_FILE = "split.json"
"""The file at the top of a folder by which it is split."""
HELD_OUT_PARTITIONS: tuple[Partition, ...] = ("test", "zero-shot", "validation")
"""Partitions without training data; "validation" selects the snapshot, so that "test" has no part in the choice of
what it measures."""
_PARTITIONS_BY_NAME: dict[str, Partition] = {
    "train": "train", "training": "train", "restval": "train",
    "test": "test", "testing": "test", "eval": "test", "evaluation": "test",
    "validation": "validation", "valid": "validation", "val": "validation", "dev": "validation",
    "zero-shot": "zero-shot", "zero_shot": "zero-shot", "zeroshot": "zero-shot",
}  # fmt: skip


def partition_named(name: str) -> Partition | None:
    """The partition that a folder's name or a column's value stands for."""
    return _PARTITIONS_BY_NAME.get(name.strip().lower())
