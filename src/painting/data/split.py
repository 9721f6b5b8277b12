"""Split of a folder into partitions, stored beside its pictures in split.json.

It names every picture that is held out, with the SHA-256 of its file, and the pairs of labels that are held out. A
picture that it does not name, added later, is training data, unless it has such a pair or is a copy of a held-out one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from painting.atomic_file import write_json_atomic
from painting.data.cache import digest
from painting.data.folder.listing import Example
from painting.data.folder.partition_names import HELD_OUT_PARTITIONS, SPLIT_FILE, Partition
from painting.data.image_cache import file_hash
from painting.errors import DataError, error_reason

Pair = tuple[str, str]

SPLIT_FORMAT_VERSION = 1


@dataclass(frozen=True)
class Split:
    """The pictures that are held out, as partition → {name: SHA-256}, and pairs of labels that are never trained on.

    `pairs` are values of the two labels `fields`.
    """

    files: Mapping[Partition, Mapping[str, str]]
    fields: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()
    made_with: Mapping[str, Any] = field(default_factory=dict)
    """The options it was made with, for the reader of the file."""

    def partition_of(self, example: Example) -> Partition:
        """The partition of a picture; a copy of a held-out one is in the same partition, whatever its name.

        A picture that its metadata holds out is held out in any case.
        """
        for partition in HELD_OUT_PARTITIONS:
            if example.name in self.files.get(partition, {}):
                return partition
        content = file_hash(example.path)
        if content in self._by_content:
            return self._by_content[content]
        return "zero-shot" if self.pair_of(example) in self.pairs else example.partition or "train"

    def pair_of(self, example: Example) -> Pair | None:
        """The pair of labels of a picture, if it has both."""
        values = [example.labels[name] for name in self.fields if name in example.labels]
        return (values[0], values[1]) if len(values) == 2 else None

    @cached_property
    def hash(self) -> str:
        """Hash of all that decides the partition of a picture."""
        partitions = [
            partition for partition in HELD_OUT_PARTITIONS if partition != "validation" or self.files.get(partition)
        ]  # a split without validation keeps its hash from before there was one
        listed = [(partition, *sorted(self.files.get(partition, {}).items())) for partition in partitions]
        return digest("split", SPLIT_FORMAT_VERSION, *listed, self.fields, sorted(self.pairs))

    @cached_property
    def _by_content(self) -> dict[str, Partition]:
        return {
            content: partition
            for partition in HELD_OUT_PARTITIONS
            for content in self.files.get(partition, {}).values()
        }


def write_split(folder: Path, split: Split) -> None:
    """Write split.json, whole or not at all; raises DataError where it cannot be written."""
    content = {
        "format_version": SPLIT_FORMAT_VERSION,
        "made_with": dict(split.made_with),
        "fields": list(split.fields),
        "held_out_pairs": [list(pair) for pair in split.pairs],
        "held_out": {partition: dict(files) for partition, files in split.files.items()},
    }
    try:
        write_json_atomic(folder / SPLIT_FILE, content)
    except OSError as error:
        raise DataError(f"'{folder / SPLIT_FILE}' cannot be written: {error.strerror or error}") from error


def read_split(folder: Path) -> Split | None:
    """Read a folder's split, None where it has none; raises DataError for an invalid one."""
    path = folder / SPLIT_FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise DataError(f"'{path}' cannot be read: {error_reason(error)}") from error
    try:
        return _parse(content)
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"'{path}' is not a valid split ({error}): restore the one that `painting data split` wrote, or make "
            "another with --replace"
        ) from error


def _parse(content: Any) -> Split:
    if content["format_version"] != SPLIT_FORMAT_VERSION:
        raise ValueError(f"format version {content['format_version']!r}, not {SPLIT_FORMAT_VERSION}")
    files = {
        partition: {str(name): str(sha) for name, sha in dict(content["held_out"].get(partition, {})).items()}
        for partition in HELD_OUT_PARTITIONS
        if partition != "validation" or partition in content["held_out"]
    }
    pairs = tuple((str(first), str(second)) for first, second in content["held_out_pairs"])
    fields = tuple(map(str, content["fields"]))
    if pairs and len(fields) != 2:
        raise ValueError("pairs need two fields")
    return Split(files, fields, pairs, dict(content["made_with"]))
