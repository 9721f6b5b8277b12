"""A folder's split, stored beside its pictures: which of them training never sees.

`split.json` names every picture that is held out, with the SHA-256 of its file, and the pairs of labels that training
never shows. A picture that it does not name, added later, is trained on, unless it shows such a pair or is a copy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from painting.atomic_file import write_atomic
from painting.data.cache import digest
from painting.data.folder import Example
from painting.data.image_cache import file_hash
from painting.errors import DataError

Partition = Literal["train", "validation", "test", "zero-shot"]
Pair = tuple[str, str]

HELD_OUT_PARTITIONS: tuple[Partition, ...] = ("test", "zero-shot", "validation")
# "validation" selects the snapshot, so that "test" has no part in the choice of what it measures.
SPLIT_FILE = "split.json"
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
    """How it was made: for whoever reads the file, and to tell whether it is made anew."""

    def partition_of(self, example: Example) -> Partition:
        """Where a picture belongs; a copy of a held-out one belongs with it, whatever its name."""
        for partition in HELD_OUT_PARTITIONS:
            if example.name in self.files.get(partition, {}):
                return partition
        content = file_hash(example.path)
        return self._by_content.get(content) or ("zero-shot" if self.pair_of(example) in self.pairs else "train")

    def pair_of(self, example: Example) -> Pair | None:
        """The two labels of a picture that a pair is made of, if it has both."""
        values = [example.labels[name] for name in self.fields if name in example.labels]
        return (values[0], values[1]) if len(values) == 2 else None

    @cached_property
    def hash(self) -> str:
        """Of all that decides where a picture belongs."""
        partitions = [
            partition for partition in HELD_OUT_PARTITIONS if partition != "validation" or self.files.get(partition)
        ]  # as before there was one
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
    """Store a split beside the pictures, whole or not at all; raises DataError where that cannot be written."""
    told = {
        "format_version": SPLIT_FORMAT_VERSION,
        "made_with": dict(split.made_with),
        "fields": list(split.fields),
        "held_out_pairs": [list(pair) for pair in split.pairs],
        "held_out": {partition: dict(files) for partition, files in split.files.items()},
    }
    try:
        write_atomic(folder / SPLIT_FILE, (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode())
    except OSError as error:
        raise DataError(f"'{folder / SPLIT_FILE}' cannot be written: {error.strerror or error}") from error


def read_split(folder: Path) -> Split | None:
    """A folder's split, None where it has none; raises DataError for one that is not understood."""
    path = folder / SPLIT_FILE
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise DataError(f"'{path}' cannot be read: {error}") from error
    try:
        return _understood(told)
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"'{path}' is not understood ({error}): bring back the one that `painting data split` wrote, or make "
            "another with --replace"
        ) from error


def _understood(told: Any) -> Split:
    if told["format_version"] != SPLIT_FORMAT_VERSION:
        raise ValueError(f"format version {told['format_version']!r}, not {SPLIT_FORMAT_VERSION}")
    files = {
        partition: {str(name): str(sha) for name, sha in dict(told["held_out"].get(partition, {})).items()}
        for partition in HELD_OUT_PARTITIONS
        if partition != "validation" or partition in told["held_out"]
    }
    pairs = tuple((str(first), str(second)) for first, second in told["held_out_pairs"])
    fields = tuple(map(str, told["fields"]))
    if pairs and len(fields) != 2:
        raise ValueError("pairs need two fields")
    return Split(files, fields, pairs, dict(told["made_with"]))
