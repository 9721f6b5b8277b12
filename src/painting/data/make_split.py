"""Makes a folder's split: pictures held out of every kind alike, and whole pairs of labels."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from painting.data.attributes import attributes_of
from painting.data.cache import digest
from painting.data.deduplicate import deduplicate
from painting.data.folder import Example
from painting.data.image_cache import file_hash
from painting.data.split import Pair, Partition, Split
from painting.errors import DataError

FEWEST_OF_PAIR = 5
"""Pairs with fewer pictures are held out last: they measure little."""
MOST_OF_VALUE = 0.5
"""The share of the pictures of any label that held-out pairs may take: what is never seen at all cannot be painted."""


@dataclass(frozen=True)
class SplitOptions:
    """Shares 0 … below 1: of the pictures for testing, of the pairs of labels that training never shows, of the
    pictures to choose painters by.

    `fields` are the two labels that pairs are made of; none: the two that the pictures have.
    """

    test: float
    pairs: float
    seed: int = 0
    fields: tuple[str, ...] = ()
    validation: float = 0.0

    def as_dict(self) -> dict[str, object]:
        told: dict[str, object] = {"test": self.test, "hold_out_pairs": self.pairs, "seed": self.seed}
        return told | ({"validation": self.validation} if self.validation else {})


@dataclass(frozen=True)
class Group:
    """One picture and its copies: files with the same pixels, which must not be parted."""

    files: Mapping[str, str]
    """Name → SHA-256."""
    labels: tuple[Mapping[str, str], ...]

    @property
    def place(self) -> str:
        """What orders it: its content alone, whatever its name."""
        return min(self.files.values())

    def pairs(self, fields: Sequence[str]) -> set[Pair]:
        """The pairs of labels that its files name."""
        named = [[labels[name] for name in fields if name in labels] for labels in self.labels]
        return {(values[0], values[1]) for values in named if len(values) == 2}


def groups_of(examples: Sequence[Example]) -> list[Group]:
    """The pictures that can be read, each with its copies; every file is decoded, for copies are told by pixels."""
    by_row: dict[int, list[Example]] = defaultdict(list)
    outcomes = deduplicate([example.path for example in examples])
    for example, (outcome, _) in zip(examples, outcomes, strict=True):
        if outcome.row is not None:
            by_row[outcome.row].append(example)
    return [
        Group({example.name: file_hash(example.path) for example in alike}, tuple(e.labels for e in alike))
        for alike in by_row.values()
    ]


def make_split(folder: Path, examples: Sequence[Example], options: SplitOptions) -> Split:
    """Partition a folder's examples; the same for the same pictures and options, whatever the files are called.

    Raises DataError where the options make no sense for these pictures.
    """
    _check(options)
    groups = groups_of(examples)
    if not groups:
        raise DataError(f"'{folder}' holds no usable captioned picture to split; `painting data check` says why")
    labels = sorted({name.partition("=")[0] for name in attributes_of(examples)} - {"word"})
    fields = _fields(options, labels, examples)
    pairs = _choose_pairs(groups, fields, options) if options.pairs else ()
    unseen = [group for group in groups if group.pairs(fields) & set(pairs)]
    others = [group for group in groups if not group.pairs(fields) & set(pairs)]
    files: dict[Partition, dict[str, str]] = {"test": {}, "zero-shot": _files(unseen)}
    left = others
    shares: tuple[tuple[Partition, float], ...] = (("test", options.test), ("validation", options.validation))
    for partition, share in shares:
        # Of what is left so large a share that it is the wished one of all.
        sampling = Sampling(tuple(labels), share * len(others) / max(len(left), 1), options.seed)
        taken = _sample(left, sampling)
        if share and not taken:
            raise DataError(_why_none(partition, len(left), share))
        if taken:
            files[partition] = _files(taken)
            left = [group for group in left if group not in taken]
    return Split(files, fields if pairs else (), pairs, options.as_dict())


def _check(options: SplitOptions) -> None:
    shares = (("--test", options.test), ("--hold-out-pairs", options.pairs), ("--validation", options.validation))
    for option, share in shares:
        if not 0 <= share < 1:
            raise DataError(f"{option} must be a share from 0% to below 100%, not {share:.0%}")
    if options.test + options.validation >= 1:
        raise DataError("--test and --validation take all pictures: leave some to train on")
    if options.test == options.pairs == options.validation == 0:
        raise DataError("nothing would be held out: give --test or --hold-out-pairs a share above 0%")
    if options.seed < 0:
        raise DataError(f"--seed must be 0 or more, not {options.seed}")


def _fields(options: SplitOptions, labels: Sequence[str], examples: Sequence[Example]) -> tuple[str, ...]:
    """The two labels that pairs are made of."""
    present = {name for example in examples for name in example.labels}
    if strange := sorted(set(options.fields) - present):
        raise DataError(f"no picture has a label '{strange[0]}': there are {', '.join(sorted(present)) or 'none'}")
    fields = tuple(options.fields) or tuple(labels)
    if options.pairs and len(set(fields)) != 2:
        raise DataError(
            f"--hold-out-pairs needs two labels, and these pictures have {', '.join(labels) or 'none'}: "
            "name two of them with --fields, or leave it out"
        )
    return fields


def _choose_pairs(groups: Sequence[Group], fields: tuple[str, ...], options: SplitOptions) -> tuple[Pair, ...]:
    """Pairs in an order of the seed, so that of each label training keeps other pairs and half of the pictures."""
    counts = Counter(pair for group in groups for pair in group.pairs(fields))
    wanted = max(1, round(options.pairs * len(counts)))
    order = sorted(counts, key=lambda pair: (counts[pair] < FEWEST_OF_PAIR, digest(options.seed, *pair)))
    chosen: list[Pair] = []
    for pair in order:
        if len(chosen) < wanted and _leaves_enough(counts, [*chosen, pair]):
            chosen.append(pair)
    if len(chosen) < wanted:
        raise DataError(
            f"only {len(chosen)} of the {wanted} pairs can be held out so that training keeps at least half of the "
            f"pictures of each {' and '.join(fields)}: give --hold-out-pairs a smaller share"
        )
    return tuple(sorted(chosen))


def _leaves_enough(counts: Mapping[Pair, int], held_out: Sequence[Pair]) -> bool:
    for place in (0, 1):
        taken, there = Counter[str](), Counter[str]()
        for pair, count in counts.items():
            there[pair[place]] += count
            taken[pair[place]] += count * (pair in held_out)
        if any(taken[value] > MOST_OF_VALUE * there[value] for value in taken):
            return False
    return True


@dataclass(frozen=True)
class Sampling:
    """A share of pictures, drawn by a seed evenly from all kinds, which these fields tell apart."""

    fields: tuple[str, ...]
    share: float
    seed: int

    def due(self, count: int) -> int:
        """How many of so many pictures."""
        return int(count * self.share + 0.5)

    def kind(self, group: Group) -> tuple[str, ...]:
        """What a picture is: its value of each field."""
        return tuple(group.labels[0].get(name, "") for name in self.fields)


def _sample(groups: Sequence[Group], sampling: Sampling) -> list[Group]:
    """The share, evenly from all kinds: every kind within one picture, and never a whole kind.

    Kinds of a single picture are sampled together, before the others, which give what these cannot.
    """
    kinds: dict[tuple[str, ...], list[Group]] = defaultdict(list)
    for group in sorted(groups, key=lambda group: digest(sampling.seed, group.place)):
        kinds[sampling.kind(group)].append(group)
    single = [kind[0] for kind in kinds.values() if len(kind) == 1]  # in the seed's order
    taken = _from_single(single, groups, sampling)
    seen = len(single)
    for _, kind in sorted(kinds.items(), key=lambda item: (len(item[1]), item[0])):
        if len(kind) > 1:
            seen += len(kind)
            most = min(int(len(kind) * sampling.share) + 1, len(kind) - 1)
            taken += kind[: max(0, min(sampling.due(seen) - len(taken), most))]
    return taken


def _from_single(single: Sequence[Group], groups: Sequence[Group], sampling: Sampling) -> list[Group]:
    """Of pictures that are alone in their kinds, the share, so that training still shows every label."""
    kinds = [sampling.kind(group) for group in groups]
    left = [Counter(kind[place] for kind in kinds) for place in range(len(sampling.fields))]
    taken: list[Group] = []
    for group in single:
        values = list(zip(left, sampling.kind(group), strict=True))
        if len(taken) < sampling.due(len(single)) and all(counts[value] > 1 for counts, value in values):
            taken.append(group)
            for counts, value in values:
                counts[value] -= 1
    return taken


def _why_none(partition: Partition, count: int, share: float) -> str:
    """What to tell where nothing can be held out."""
    if count < 2:
        return f"there are {count} pictures to hold {partition} pictures out of: training must keep one of every kind"
    if int(count * share + 0.5) == 0:
        return f"{share:.1%} of {count} pictures is none to hold out: give --{partition} a larger share"
    return (
        f"every kind has a single picture ({count} in all), and training must keep one of every kind: nothing can be "
        "held out; add pictures of kinds that are there, or leave labels out that name single pictures"
    )


def _files(groups: Sequence[Group]) -> dict[str, str]:
    return dict(sorted((name, sha) for group in groups for name, sha in group.files.items()))
