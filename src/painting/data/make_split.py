"""Make a folder's split: stratified samples for testing and validation, and held-out pairs of labels (zero-shot).

All of it is a function of the pictures' contents, the labels and the seed. File names do not count, so that a renamed
or re-ordered folder has the same split, and a picture's duplicates are never separated from it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from painting.data.attributes import attributes_of
from painting.data.cache import digest
from painting.data.deduplicate import deduplicate
from painting.data.folder.listing import Example
from painting.data.folder.partition_names import Partition
from painting.data.image_cache import file_hash
from painting.data.split import Pair, Split
from painting.errors import DataError

MIN_PICTURES_OF_PAIR = 5
"""Pairs with fewer pictures are held out last: too few to measure with."""
MAX_HELD_OUT_OF_LABEL = 0.5
"""The share of any label's pictures that held-out pairs may take: what is hardly trained on cannot be combined."""


@dataclass(frozen=True)
class SplitOptions:
    """Options of a split; shares are 0 … below 1.

    `test` and `validation` are shares of the pictures, `pairs` of the pairs of labels, all of whose pictures are held
    out. `fields` are the two labels that pairs are made of; none: the only two of the pictures.
    """

    test: float
    pairs: float
    seed: int = 0
    fields: tuple[str, ...] = ()
    validation: float = 0.0

    def __post_init__(self) -> None:
        """Raises DataError for a share or a seed that is out of range."""
        shares = (("--test", self.test), ("--hold-out-pairs", self.pairs), ("--validation", self.validation))
        for option, share in shares:
            if not 0 <= share < 1:
                raise DataError(f"{option} must be a share from 0% to below 100%, not {share:.0%}")
        if self.test + self.validation >= 1:
            raise DataError("--test and --validation take all pictures: leave some for training")
        if self.test == self.pairs == self.validation == 0:
            raise DataError("nothing would be held out: give --test or --hold-out-pairs a share above 0%")
        if self.seed < 0:
            raise DataError(f"--seed must be 0 or more, not {self.seed}")

    def as_dict(self) -> dict[str, object]:
        """The options as split.json has them."""
        options: dict[str, object] = {"test": self.test, "hold_out_pairs": self.pairs, "seed": self.seed}
        return options | ({"validation": self.validation} if self.validation else {})


@dataclass(frozen=True)
class DuplicateGroup:
    """A picture and its duplicates: files with the same pixels, which belong to the same partition."""

    examples: tuple[Example, ...]
    """One for each file."""
    files: Mapping[str, str]
    """Name → SHA-256."""

    @property
    def content_key(self) -> str:
        """Sort key that depends on the contents alone, whatever the files' names and order."""
        return min(self.files.values())

    def pairs(self, fields: Sequence[str]) -> set[Pair]:
        """The pairs of labels of its files."""
        values_of_files = [[e.labels[name] for name in fields if name in e.labels] for e in self.examples]
        return {(values[0], values[1]) for values in values_of_files if len(values) == 2}


def duplicate_groups(examples: Sequence[Example]) -> list[DuplicateGroup]:
    """Group the decodable pictures by their pixels; every file is decoded, since copies may be encoded differently."""
    by_row: dict[int, list[Example]] = defaultdict(list)
    outcomes = deduplicate([example.path for example in examples])
    for example, (outcome, _) in zip(examples, outcomes, strict=True):
        if outcome.row is not None:
            by_row[outcome.row].append(example)
    return [
        DuplicateGroup(tuple(copies), {example.name: file_hash(example.path) for example in copies})
        for copies in by_row.values()
    ]


def make_split(folder: Path, groups: Sequence[DuplicateGroup], options: SplitOptions) -> Split:
    """Split a folder's pictures; the same for the same pictures and options, whatever the files are called.

    Raises DataError where the options do not fit these pictures.
    """
    examples = [example for group in groups for example in group.examples]
    if not groups:
        raise DataError(f"'{folder}' holds no usable captioned picture to split; `painting data check` says why")
    labels = sorted({name.partition("=")[0] for name in attributes_of(examples)} - {"word"})
    fields = _pair_fields(options, labels, examples)
    pairs = _choose_pairs(groups, fields, options) if options.pairs else ()
    zero_shot = [group for group in groups if group.pairs(fields) & set(pairs)]
    others = [group for group in groups if not group.pairs(fields) & set(pairs)]
    files: dict[Partition, dict[str, str]] = {"test": {}, "zero-shot": _files(zero_shot)}
    files |= _sample_partitions(others, tuple(labels), options)
    return Split(files, fields if pairs else (), pairs, options.as_dict())


def _sample_partitions(
    groups: Sequence[DuplicateGroup], labels: tuple[str, ...], options: SplitOptions
) -> dict[Partition, dict[str, str]]:
    """The files of the test and validation partitions, the non-empty ones."""
    files: dict[Partition, dict[str, str]] = {}
    left = list(groups)
    shares: tuple[tuple[Partition, float], ...] = (("test", options.test), ("validation", options.validation))
    for partition, share in shares:
        # Shares are of all pictures, but the second sample is drawn from those that the first has left.
        sampling = StratifiedSampling(labels, share * len(groups) / max(len(left), 1), options.seed)
        sampled = _sample(left, sampling)
        if share and not sampled:
            raise DataError(_why_empty(partition, len(left), share))
        if sampled:
            files[partition] = _files(sampled)
            left = [group for group in left if group not in sampled]
    return files


def _pair_fields(options: SplitOptions, labels: Sequence[str], examples: Sequence[Example]) -> tuple[str, ...]:
    """The two labels that pairs are made of; raises DataError where they are not two."""
    present = {name for example in examples for name in example.labels}
    if unknown := sorted(set(options.fields) - present):
        raise DataError(f"no picture has a label '{unknown[0]}': there are {', '.join(sorted(present)) or 'none'}")
    fields = tuple(options.fields) or tuple(labels)
    if options.pairs and len(set(fields)) != 2:
        raise DataError(
            f"--hold-out-pairs needs two labels, and these pictures have {', '.join(labels) or 'none'}: "
            "give two of them with --fields, or omit it"
        )
    return fields


def _choose_pairs(groups: Sequence[DuplicateGroup], fields: tuple[str, ...], options: SplitOptions) -> tuple[Pair, ...]:
    """Choose pairs in a random order so that training keeps half of each label's pictures, in other pairs.

    A held-out (blue, rose) measures how a painter combines labels: it must have learned blue and rose from others.
    """
    counts = Counter(pair for group in groups for pair in group.pairs(fields))
    count = max(1, round(options.pairs * len(counts)))
    # Greedy: a pair that would take too much of a label is passed over, and the next one in the order is tried.
    order = sorted(counts, key=lambda pair: (counts[pair] < MIN_PICTURES_OF_PAIR, digest(options.seed, *pair)))
    chosen: list[Pair] = []
    for pair in order:
        if len(chosen) < count and _leaves_enough(counts, [*chosen, pair]):
            chosen.append(pair)
    if len(chosen) < count:
        raise DataError(
            f"only {len(chosen)} of the {count} pairs can be held out so that training keeps at least half of the "
            f"pictures of each {' and '.join(fields)}: give --hold-out-pairs a smaller share"
        )
    return tuple(sorted(chosen))


def _leaves_enough(counts: Mapping[Pair, int], held_out: Sequence[Pair]) -> bool:
    """Whether held-out pairs take at most MAX_HELD_OUT_OF_LABEL of the pictures of every value of both labels."""
    for field in (0, 1):
        total = Counter[str]()
        taken = Counter[str]()
        for pair, count in counts.items():
            total[pair[field]] += count
            taken[pair[field]] += count * (pair in held_out)
        if any(taken[value] > MAX_HELD_OUT_OF_LABEL * total[value] for value in taken):
            return False
    return True


@dataclass(frozen=True)
class StratifiedSampling:
    """A share of pictures, sampled by a seed evenly from all strata: the combinations of values of these fields."""

    fields: tuple[str, ...]
    share: float
    seed: int

    def size_of(self, count: int) -> int:
        """The number of samples of so many pictures, rounded half up."""
        return int(count * self.share + 0.5)

    def stratum(self, group: DuplicateGroup) -> tuple[str, ...]:
        """A picture's value of each field."""
        return tuple(group.examples[0].labels.get(name, "") for name in self.fields)


def _sample(groups: Sequence[DuplicateGroup], sampling: StratifiedSampling) -> list[DuplicateGroup]:
    """Stratified sample: of every stratum the share within one picture, and never all of it.

    Strata of a single picture are sampled together, before the others, which make up for what these cannot give.
    """
    strata: dict[tuple[str, ...], list[DuplicateGroup]] = defaultdict(list)
    # Hashed with the seed: a random order that does not depend on the order of the files.
    for group in sorted(groups, key=lambda group: digest(sampling.seed, group.content_key)):
        strata[sampling.stratum(group)].append(group)
    singles = [stratum[0] for stratum in strata.values() if len(stratum) == 1]
    sample = _sample_singles(singles, groups, sampling)
    considered = len(singles)
    # Each stratum gives what is missing from the share of all pictures considered so far. Rounded by itself, a stratum
    # of two would give one at a share of 30%, and a set of many small strata would lose half of its pictures.
    for _, stratum in sorted(strata.items(), key=lambda item: (len(item[1]), item[0])):
        if len(stratum) > 1:
            considered += len(stratum)
            most = min(int(len(stratum) * sampling.share) + 1, len(stratum) - 1)
            missing = sampling.size_of(considered) - len(sample)
            sample += stratum[: max(0, min(missing, most))]
    return sample


def _sample_singles(
    singles: Sequence[DuplicateGroup], groups: Sequence[DuplicateGroup], sampling: StratifiedSampling
) -> list[DuplicateGroup]:
    """The share of the pictures that are alone in their stratum, so that training keeps every value of every field."""
    strata = [sampling.stratum(group) for group in groups]
    left = [Counter(stratum[field] for stratum in strata) for field in range(len(sampling.fields))]
    sample: list[DuplicateGroup] = []
    for group in singles:
        values = list(zip(left, sampling.stratum(group), strict=True))
        if len(sample) < sampling.size_of(len(singles)) and all(counts[value] > 1 for counts, value in values):
            sample.append(group)
            for counts, value in values:
                counts[value] -= 1
    return sample


def _why_empty(partition: Partition, count: int, share: float) -> str:
    """Why a partition would be empty, and what to do."""
    if count < 2:
        return f"there are {count} pictures to hold {partition} pictures out of: training must keep one of every kind"
    if int(count * share + 0.5) == 0:
        return f"{share:.1%} of {count} pictures is none to hold out: give --{partition} a larger share"
    return (
        f"every kind has a single picture ({count} in all), and training must keep one of every kind: nothing can be "
        "held out; add pictures of the same kinds, or remove labels that name single pictures"
    )


def _files(groups: Sequence[DuplicateGroup]) -> dict[str, str]:
    return dict(sorted((name, sha) for group in groups for name, sha in group.files.items()))
