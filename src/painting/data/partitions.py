"""Partitions of a folder: training data, and what is held out by split.json, by its folders or by a column.

A folder has a split (`split.json`), or folders such as `train` and `test`, or a column `split` in its metadata;
otherwise all of it is training data. The test partition of a split inside `train` becomes validation where `test` lies
outside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from painting.data.decoding.formats import PICTURE_FORMATS
from painting.data.folder.listing import Example, Listing, read_folder
from painting.data.folder.metadata import is_metadata
from painting.data.folder.partition_names import HELD_OUT_PARTITIONS, SPLIT_FILE, Partition, partition_named
from painting.data.folder.walk import FolderWalk
from painting.data.issues import Issue, printable, unused_file
from painting.data.split import Split, read_split
from painting.errors import DataError

COLUMN_SPLIT = "the column split of its metadata"
PATH_SPLIT = "the names of its folders"


@dataclass(frozen=True)
class PartitionedFolder:
    """A folder as training, evaluation, check and split read it; with `listings` and `issues` every file is known."""

    partitions: dict[Partition, Listing]
    """Training first, without empty ones."""
    divided_by: str
    """What divides it: split.json, its folders, their names, a column; empty: nothing."""
    listings: tuple[Listing, ...]
    """Each folder that was listed, whole."""
    issues: tuple[Issue, ...] = ()
    """Of files outside the listed folders."""


def read_partitions(folder: Path) -> dict[Partition, Listing]:
    """Partitions of a folder, training first, without empty ones; raises DataError as `read_folder` does."""
    return read_partitioned(folder).partitions


def read_training(folder: Path) -> Listing:
    """The training partition of a folder: all of it, where nothing is held out."""
    return read_partitions(folder)["train"]


def read_partitioned(folder: Path) -> PartitionedFolder:
    """Read a folder with its partitions; raises DataError as `read_folder` does, or for an invalid split."""
    folder = Path(folder)
    folders = partition_folders(folder)
    if folders:
        return _by_folders(folder, folders)
    listing = read_folder(folder)
    split = read_split(folder)
    if split:
        return PartitionedFolder(_by_split(listing, split), SPLIT_FILE, (listing,))
    by_path = _partitions_of_paths(listing.examples)
    if by_path:
        examples = [replace(each, partition=each.partition or by_path.get(each.name)) for each in listing.examples]
        listing = replace(listing, examples=tuple(examples))
    if all(example.partition in {None, "train"} for example in listing.examples):
        return PartitionedFolder({"train": listing}, "", (listing,))
    divided_by = PATH_SPLIT if by_path else COLUMN_SPLIT
    return PartitionedFolder(_by_split(listing, Split({})), divided_by, (listing,))


def partition_folders(folder: Path) -> dict[Partition, str]:
    """The folders that divide a folder into partitions by their names; none where a file at its top does.

    There are any only where both the training folder and a held-out one have pictures. Raises DataError where two
    folders have one meaning.
    """
    names: list[str] = []
    with suppress(OSError):  # which `read_folder` raises
        names = sorted(path.name for path in folder.iterdir())
    if any(name == SPLIT_FILE or is_metadata(name) for name in names):
        return {}
    folders: dict[Partition, str] = {}
    for name in names:
        partition = partition_named(name)
        if partition is None or not _has_pictures(folder / name):
            continue
        if partition in folders:
            pair = f"{folders[partition]} and {name}"
            raise DataError(f"'{printable(str(folder))}' has two folders of {partition} pictures, {pair}: join them")
        folders[partition] = name
    if "train" not in folders or len(folders) == 1:
        return {}
    return {"train": folders["train"], **folders}


def _has_pictures(folder: Path) -> bool:
    """Whether a folder, other than a link, has any picture in or below it."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    return any(PurePosixPath(name).suffix.lower() in PICTURE_FORMATS for name in FolderWalk(folder).names)


def _by_folders(folder: Path, folders: dict[Partition, str]) -> PartitionedFolder:
    """The partitions of folders; what `train` holds out for testing is validation data where there is a test folder."""
    inside = read_partitioned(folder / folders["train"])
    partitions = dict(inside.partitions)
    if "test" in partitions and "test" in folders and "validation" not in partitions:
        partitions["validation"] = partitions.pop("test")
    superseded = [
        partitions.pop(partition) for partition in HELD_OUT_PARTITIONS if partition in partitions.keys() & folders
    ]
    listings = list(inside.listings)
    for partition in HELD_OUT_PARTITIONS:
        if partition in folders:
            partitions[partition] = read_folder(folder / folders[partition])
            listings.append(partitions[partition])
    *others, last = folders.values()
    named = f"{', '.join(others)} and {last}"
    outside = FolderWalk(folder, without=set(folders.values()))
    message = f"is outside the folders {named}"
    issues = [*outside.issues, *(unused_file(name, "outside the partitions", message) for name in outside.names)]
    inner = (replace(issue, where=f"{folders['train']}/{issue.where}") for issue in inside.issues)
    issues += [_superseded(f"{folders['train']}/{each.name}") for listing in superseded for each in listing.examples]
    return PartitionedFolder(partitions, f"its folders {named}", tuple(listings), (*issues, *inner))


def _superseded(name: str) -> Issue:
    message = "is held out of the training folder, and another folder holds such pictures"
    return Issue(name, "held out twice", message, "it is not used; move it there")


def _partitions_of_paths(examples: Iterable[Example]) -> dict[str, Partition]:
    """The partitions of examples by the folders on their paths: data/test/01.jpg, where there is a data/train too."""
    folders: dict[str, set[Partition | None]] = defaultdict(set)
    named = [(example.name, *step) for example in examples for step in _steps(example.name)]
    for _, above, partition in named:
        folders[above].add(partition)
    divided = {above for above, found in folders.items() if "train" in found and found & set(HELD_OUT_PARTITIONS)}
    return {name: partition for name, above, partition in reversed(named) if partition and above in divided}


def _steps(name: str) -> list[tuple[str, Partition | None]]:
    """Each folder on a path: what is above it, and the partition that it is named after."""
    parts = name.split("/")[:-1]
    return [("/".join(parts[:depth]), partition_named(part)) for depth, part in enumerate(parts)]


def _by_split(listing: Listing, split: Split) -> dict[Partition, Listing]:
    by_partition: dict[Partition, list[Example]] = defaultdict(list)
    for example in listing.examples:
        by_partition[split.partition_of(example)].append(example)
    return {
        partition: listing.only(by_partition[partition], partition, split.hash)
        for partition in ("train", *HELD_OUT_PARTITIONS)
        if partition == "train" or by_partition[partition]
    }
