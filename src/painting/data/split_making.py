"""Makes a folder's split: pictures held out of every kind alike, and whole pairs of labels."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from painting.data.attributes import attributes_of
from painting.data.fates import fates_of
from painting.data.folder import Example
from painting.data.pictures_cache import file_hash
from painting.data.split import Pair, Part, Split
from painting.data.text_vectors import digest
from painting.errors import DataError

FEWEST_OF_PAIR = 5
"""Pairs with fewer pictures are held out last: they measure little."""
MOST_OF_VALUE = 0.5
"""The share of the pictures of any label that held-out pairs may take: what is never seen at all cannot be painted."""


@dataclass(frozen=True)
class SplitWishes:
    """Shares 0 … below 1: of the pictures for testing, of the pairs of labels that training never shows.

    `fields` are the two labels that pairs are made of; none: the two that the pictures have.
    """

    test: float
    pairs: float
    seed: int = 0
    fields: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        return {"test": self.test, "hold_out_pairs": self.pairs, "seed": self.seed}


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
    fates = fates_of([example.path for example in examples])
    for example, (fate, _) in zip(examples, fates, strict=True):
        if fate.row is not None:
            by_row[fate.row].append(example)
    return [
        Group({example.name: file_hash(example.path) for example in alike}, tuple(e.labels for e in alike))
        for alike in by_row.values()
    ]


def make_split(folder: Path, examples: Sequence[Example], wishes: SplitWishes) -> Split:
    """Part a folder's examples; the same for the same pictures and wishes, whatever the files are called.

    Raises DataError where the wishes make no sense for these pictures.
    """
    _check(wishes)
    groups = groups_of(examples)
    if not groups:
        raise DataError(f"'{folder}' holds no usable captioned picture to split; `painting data check` says why")
    labels = sorted({name.partition("=")[0] for name in attributes_of(examples)} - {"word"})
    fields = _fields(wishes, labels, examples)
    pairs = _choose_pairs(groups, fields, wishes) if wishes.pairs else ()
    unseen = [group for group in groups if group.pairs(fields) & set(pairs)]
    others = [group for group in groups if not group.pairs(fields) & set(pairs)]
    tested = _sample(others, tuple(labels), wishes)
    if not tested and wishes.test:
        raise DataError(_why_none(len(others), wishes))
    files: dict[Part, dict[str, str]] = {"test": _files(tested), "zero-shot": _files(unseen)}
    return Split(files, fields if pairs else (), pairs, wishes.as_dict())


def _check(wishes: SplitWishes) -> None:
    for option, share in (("--test", wishes.test), ("--hold-out-pairs", wishes.pairs)):
        if not 0 <= share < 1:
            raise DataError(f"{option} must be a share from 0% to below 100%, not {share:.0%}")
    if wishes.test == wishes.pairs == 0:
        raise DataError("nothing would be held out: give --test or --hold-out-pairs a share above 0%")
    if wishes.seed < 0:
        raise DataError(f"--seed must be 0 or more, not {wishes.seed}")


def _fields(wishes: SplitWishes, labels: Sequence[str], examples: Sequence[Example]) -> tuple[str, ...]:
    """The two labels that pairs are made of."""
    present = {name for example in examples for name in example.labels}
    if strange := sorted(set(wishes.fields) - present):
        raise DataError(f"no picture has a label '{strange[0]}': there are {', '.join(sorted(present)) or 'none'}")
    fields = tuple(wishes.fields) or tuple(labels)
    if wishes.pairs and len(set(fields)) != 2:
        raise DataError(
            f"--hold-out-pairs needs two labels, and these pictures have {', '.join(labels) or 'none'}: "
            "name two of them with --fields, or leave it out"
        )
    return fields


def _choose_pairs(groups: Sequence[Group], fields: tuple[str, ...], wishes: SplitWishes) -> tuple[Pair, ...]:
    """Pairs in an order of the seed, so that of each label training keeps other pairs and half of the pictures."""
    counts = Counter(pair for group in groups for pair in group.pairs(fields))
    wanted = max(1, round(wishes.pairs * len(counts)))
    order = sorted(counts, key=lambda pair: (counts[pair] < FEWEST_OF_PAIR, digest(wishes.seed, *pair)))
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


def _sample(groups: Sequence[Group], fields: tuple[str, ...], wishes: SplitWishes) -> list[Group]:
    """The share for testing, evenly from all kinds: every kind within one picture, and never a whole kind.

    Kinds of a single picture are sampled together, before the others, which give what these cannot.
    """
    kinds: dict[tuple[str, ...], list[Group]] = defaultdict(list)
    for group in sorted(groups, key=lambda group: digest(wishes.seed, group.place)):
        kinds[_kind(group, fields)].append(group)
    single = [kind[0] for kind in kinds.values() if len(kind) == 1]  # in the seed's order
    taken = _from_single(single, [_kind(group, fields) for group in groups], fields, wishes)
    seen = len(single)
    for _, kind in sorted(kinds.items(), key=lambda item: (len(item[1]), item[0])):
        if len(kind) > 1:
            seen += len(kind)
            most = min(int(len(kind) * wishes.test) + 1, len(kind) - 1)
            taken += kind[: max(0, min(_share_of(seen, wishes) - len(taken), most))]
    return taken


def _from_single(
    single: Sequence[Group], kinds: Sequence[tuple[str, ...]], fields: tuple[str, ...], wishes: SplitWishes
) -> list[Group]:
    """Of pictures that are alone in their kinds, the share for testing, so that training still shows every label."""
    left = [Counter(kind[place] for kind in kinds) for place in range(len(fields))]
    taken: list[Group] = []
    for group in single:
        values = list(zip(left, _kind(group, fields), strict=True))
        if len(taken) < _share_of(len(single), wishes) and all(counts[value] > 1 for counts, value in values):
            taken.append(group)
            for counts, value in values:
                counts[value] -= 1
    return taken


def _kind(group: Group, fields: tuple[str, ...]) -> tuple[str, ...]:
    """What a picture is: its value of each field."""
    return tuple(group.labels[0].get(name, "") for name in fields)


def _share_of(count: int, wishes: SplitWishes) -> int:
    """How many of so many pictures are to be tested with."""
    return int(count * wishes.test + 0.5)


def _why_none(count: int, wishes: SplitWishes) -> str:
    """What to tell where nothing can be held out for testing."""
    if count < 2:
        return f"there are {count} pictures to hold test pictures out of: training must keep one of every kind"
    if not _share_of(count, wishes):
        return f"{wishes.test:.1%} of {count} pictures is none to test with: give --test a larger share"
    return (
        f"every kind has a single picture ({count} in all), and training must keep one of every kind: nothing can be "
        "held out; add pictures of kinds that are there, or leave labels out that name single pictures"
    )


def _files(groups: Sequence[Group]) -> dict[str, str]:
    return dict(sorted((name, sha) for group in groups for name, sha in group.files.items()))
