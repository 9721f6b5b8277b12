"""Dataset check: what training would use of a folder of captioned pictures or of MNIST's files, and its issues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import numpy as np

from painting.data.deduplicate import FileOutcome, deduplicate, merge_duplicates
from painting.data.digits.dataset import Digits, find_halves
from painting.data.folder.listing import PARTIAL_METADATA, Example, Listing
from painting.data.folder.partition_names import Partition
from painting.data.issues import Issue, count_kinds, printable, quote_path, remark
from painting.data.partitions import read_partitioned
from painting.data.picture_set import CaptionEncoder
from painting.data.prepared import drop_unreadable, nothing_usable
from painting.data.usual_form import UsualForm, usual_form
from painting.text.language import is_english

DIGITS_SIDE_PX = 28
"""The picture size of the preset digits."""
MAX_CROPPED_SHARE = 1 / 3
"""A picture that loses more of its longer side to the square crop may lose what its caption names."""


@dataclass(frozen=True)
class CheckResult:
    """Usable examples of a folder by partition, and its issues, which with `sources` account for every file."""

    convention: str
    divided_by: str
    """What divides the folder into partitions; empty: nothing."""
    partitions: dict[Partition, tuple[Example, ...]]
    outcomes: tuple[FileOutcome, ...]
    """Of the usable pictures."""
    issues: tuple[Issue, ...]
    sources: int
    """The number of files that captions, labels and splits were read from."""
    too_long: tuple[str, ...]
    """Captions with more tokens than the text encoder reads."""
    not_english: tuple[str, ...]
    """Captions in a language or a script that the text encoders were not trained on."""
    form: UsualForm
    """What training learns of the pictures where no preset says."""
    unusable: str | None
    """Why nothing can be trained on, in one sentence; None where something can."""

    @property
    def examples(self) -> tuple[Example, ...]:
        """The usable examples of all partitions."""
        return tuple(example for examples in self.partitions.values() for example in examples)

    def summary(self) -> list[str]:
        """Summary lines: files, usable pictures, what is done to them, captions and their lengths, labels."""
        skipped = sum(issue.skipped for issue in self.issues)
        lines = [
            self._files_line(),
            f"captions from: {printable(self.convention)}",
            f"usable pictures: {len(self.examples)} (skipped: {skipped})",
            *(f"  {issue}" for issue in self.issues if issue.kind == PARTIAL_METADATA),
        ]
        if self.divided_by:
            counts = ", ".join(f"{len(examples)} {name}" for name, examples in self.partitions.items())
            lines.append(f"divided by {self.divided_by}: {counts}")
        if self.examples:
            lines += [f"learned at: {self.form.side} px, without a preset"]
            lines += _crop_lines(self.outcomes, self.form.has_alpha) + _color_lines(self.outcomes)
            lines += _transparency_lines(self.outcomes, self.form.has_alpha)
            lines += _caption_lines(self.examples, self.too_long) + _language_lines(self.not_english)
            lines += _label_lines(self.examples)
        return lines

    def _files_line(self) -> str:
        unused = sum(issue.unused_files for issue in self.issues)
        total = len(self.examples) + self.sources + unused
        return (
            f"files: {total} = {len(self.examples)} usable pictures + {self.sources} with captions, labels or a split "
            f"+ {unused} not used"
        )


def check_folder(folder: Path, size: int | None, encoder: CaptionEncoder) -> CheckResult:
    """Check a folder: read its captions and decode every picture as training at `size` px would; writes nothing.

    Without a size it is the one that training without a preset chooses.
    Raises DataError where there is no such folder or its metadata cannot be read at all.
    """
    partitioned = read_partitioned(folder)
    form = usual_form([example.path for example in partitioned.partitions["train"].examples])
    issues = list(partitioned.issues)
    for listing in partitioned.listings:
        issues += _within(folder, listing, listing.issues)
    partitions: dict[Partition, tuple[Example, ...]] = {}
    usable: dict[Partition, dict[str, FileOutcome]] = {}
    for partition, listing in partitioned.partitions.items():
        readable, unreadable = drop_unreadable(listing, encoder)
        outcomes = [outcome for outcome, _ in deduplicate([example.path for example in readable])]
        examples, undecodable = merge_duplicates(readable, outcomes, size or form.side)
        issues += _within(folder, listing, [*unreadable, *undecodable])
        partitions[partition] = tuple(examples)
        usable[partition] = _by_name(folder, listing, readable, outcomes)
    issues += _leaks(usable)
    captions = sorted({text for examples in partitions.values() for example in examples for text in example.captions})
    return CheckResult(
        ", ".join(dict.fromkeys(listing.convention for listing in partitioned.listings)),
        partitioned.divided_by,
        partitions,
        tuple(outcome for outcomes in usable.values() for outcome in outcomes.values()),
        tuple(issues),
        sum(len(listing.sources) for listing in partitioned.listings),
        tuple(caption for caption in captions if encoder.truncated(caption)),
        tuple(caption for caption in captions if not is_english(caption)),
        form,
        None if partitions["train"] else nothing_usable(partitioned.partitions["train"], issues),
    )


def _within(folder: Path, listing: Listing, issues: Iterable[Issue]) -> list[Issue]:
    """Issues of a folder inside `folder`, by the names that its files have there."""
    prefix = _prefix(folder, listing)
    return [replace(issue, where=f"{prefix}{issue.where}") for issue in issues]


def _prefix(folder: Path, listing: Listing) -> str:
    inside = listing.folder.relative_to(folder).as_posix()
    return "" if inside == "." else f"{inside}/"


def _by_name(
    folder: Path, listing: Listing, examples: Sequence[Example], outcomes: Sequence[FileOutcome]
) -> dict[str, FileOutcome]:
    """The outcomes of the pictures that are used, by their names in `folder`."""
    prefix = _prefix(folder, listing)
    pairs = zip(examples, outcomes, strict=True)
    return {f"{prefix}{example.name}": outcome for example, outcome in pairs if outcome.width}


def _leaks(usable: Mapping[Partition, Mapping[str, FileOutcome]]) -> list[Issue]:
    """Issues of held-out pictures that are training pictures too."""
    training = {outcome.pixels: name for name, outcome in usable["train"].items()}
    return [
        remark(
            name,
            "leak",
            f"shows the same pixels as the training picture '{training[outcome.pixels]}'",
            f"it is {partition} data all the same; remove one of them, since figures favour what was trained on",
        )
        for partition, outcomes in usable.items()
        for name, outcome in outcomes.items()
        if partition != "train" and outcome.pixels in training
    ]


def check_digits(folder: Path) -> list[str]:
    """Summary lines of a folder of MNIST's files: what training would use, and how to start it.

    Raises DataError where they cannot be read or do not fit together.
    """
    digits = Digits(folder)
    halves = find_halves(folder)
    names = [attribute.partition("=")[2] for attribute in digits.attributes]
    counts = digits.targets(np.arange(digits.count)).sum(axis=0).astype(int)
    used = next(iter(halves.values())).pictures.name
    advice = f"train on it with: painting train {quote_path(folder)} --preset digits"
    if digits.size != DIGITS_SIDE_PX:
        advice = f"no preset trains on it: digits needs pictures of {DIGITS_SIDE_PX} px"
    return [
        "this folder holds digits, or other labelled pictures laid out like MNIST, without captions",
        f"usable pictures: {digits.count} of {digits.size} px, from {used}"
        + (" alone" if len(halves) == 1 else "; the others are for testing"),
        "label class: " + ", ".join(f"{name} {count}" for name, count in zip(names, counts, strict=True)),
        advice,
    ]


def issue_lines(issues: Sequence[Issue], at_most: int | None = 20) -> list[str]:
    """Lines of a report of issues, kind by kind; at most so many of each kind, the rest counted."""
    lines = []
    for kind, count in count_kinds(issues).items():
        lines.append(f"{kind} ({count})")
        lines_of_kind = sorted(str(issue) for issue in issues if issue.kind == kind)
        lines += [f"  {line}" for line in lines_of_kind[:at_most]]
        if at_most is not None and count > at_most:
            lines.append(f"  … and {count - at_most} more")
    return lines


def _crop_lines(outcomes: Sequence[FileOutcome], keeps_transparent: bool) -> list[str]:
    """What the square crop cuts off, of opaque pictures alone where transparent ones are kept whole."""
    shares = [outcome.cropped_share for outcome in outcomes if not (keeps_transparent and outcome.is_transparent)]
    if not shares:
        return []
    many = sum(share > MAX_CROPPED_SHARE for share in shares)
    if many:
        return [f"square crop: {many} of {_pictures(len(shares))} lose more than a third of their longer side"]
    return [f"square crop: cuts off at most {max(shares):.0%} of a picture's longer side"]


def _color_lines(outcomes: Sequence[FileOutcome]) -> list[str]:
    converted = sum(outcome.color_converted for outcome in outcomes)
    return [f"{_pictures(converted)}: colours converted from their profile to sRGB"] if converted else []


def _transparency_lines(outcomes: Sequence[FileOutcome], is_learned: bool) -> list[str]:
    count = sum(outcome.is_transparent for outcome in outcomes)
    if count == 0:
        return []
    action = "learns transparency and pads them to squares" if is_learned else "lays them on white"
    return [f"transparent: {count} of {_pictures(len(outcomes))}; without a preset, training {action}"]


def _pictures(count: int) -> str:
    return "1 picture" if count == 1 else f"{count} pictures"


def _caption_lines(examples: Sequence[Example], too_long: Sequence[str]) -> list[str]:
    captions = [caption for example in examples for caption in example.captions]
    words = [len(caption.split()) for caption in captions]
    lines = [
        f"captions: {len(captions)}, of them different: {len(set(captions))}",
        f"words in a caption: {min(words)} to {max(words)}, median {median(words):g}",
        f"captions longer than the text encoder reads: {len(too_long)}",
    ]
    if too_long:
        lines.append(f"  training reads only the beginning of these, for example: {too_long[0][:60]}…")
    return lines


def _language_lines(not_english: Sequence[str]) -> list[str]:
    if not not_english:
        return []
    return [
        f"captions in another language or script: {len(not_english)}",
        f"  the text encoder reads English: translate these, for example: {printable(not_english[0][:60])}",
    ]


def _label_lines(examples: Sequence[Example], at_most: int = 20) -> list[str]:
    fields: dict[str, Counter[str]] = {}
    for example in examples:
        for field, value in example.labels.items():
            fields.setdefault(field, Counter())[value] += 1
    lines = []
    for field, counts in sorted(fields.items()):
        values = ", ".join(f"{value} {count}" for value, count in counts.most_common(at_most))
        more = f", … ({len(counts)} values in all)" if len(counts) > at_most else ""
        lines.append(f"label {field}: {values}{more}")
    return lines or [
        "labels: none; training uses the informative words of the captions",
        "  whether a painter follows prompts is measured by labels: add columns to a metadata.csv (docs/data.md)",
    ]
