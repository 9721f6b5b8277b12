"""Dataset check: what training would use of a folder of captioned pictures or of MNIST's files, and its issues."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from painting.data.deduplicate import deduplicate, merge_duplicates
from painting.data.digits.dataset import Digits, find_halves
from painting.data.folder.listing import Example, read_folder
from painting.data.issues import Issue, count_kinds, printable
from painting.data.picture_set import CaptionEncoder
from painting.data.prepared import drop_unreadable, nothing_usable
from painting.text.language import is_english

DIGITS_SIDE_PX = 28
"""The picture size of the preset digits."""


@dataclass(frozen=True)
class CheckResult:
    """Usable examples of a folder, and its issues."""

    convention: str
    examples: tuple[Example, ...]
    issues: tuple[Issue, ...]
    too_long: tuple[str, ...]
    """Captions with more tokens than the text encoder reads."""
    not_english: tuple[str, ...]
    """Captions in a language or a script that the text encoders were not trained on."""
    unusable: str | None
    """Why nothing is usable, in one sentence; None where something is."""

    def summary(self) -> list[str]:
        """Summary lines of what is usable: pictures, captions, their lengths, labels."""
        skipped = sum(issue.skipped for issue in self.issues)
        lines = [f"captions from: {self.convention}", f"usable pictures: {len(self.examples)} (skipped: {skipped})"]
        if self.examples:
            lines += (
                _caption_lines(self.examples, self.too_long)
                + _language_lines(self.not_english)
                + _label_lines(self.examples)
            )
        return lines


def check_folder(folder: Path, size: int, encoder: CaptionEncoder) -> CheckResult:
    """Check a folder: read its captions and decode every picture as training at `size` px would; writes nothing.

    Raises DataError where there is no such folder or its metadata cannot be read at all.
    """
    listing = read_folder(folder)
    readable, unreadable = drop_unreadable(listing, encoder)
    outcomes = [outcome for outcome, _ in deduplicate([example.path for example in readable])]
    examples, undecodable = merge_duplicates(readable, outcomes, size)
    issues = (*listing.issues, *unreadable, *undecodable)
    captions = sorted({caption for example in examples for caption in example.captions})
    too_long = tuple(caption for caption in captions if encoder.truncated(caption))
    not_english = tuple(caption for caption in captions if not is_english(caption))
    unusable = None if examples else nothing_usable(listing, issues)
    return CheckResult(listing.convention, tuple(examples), issues, too_long, not_english, unusable)


def check_digits(folder: Path) -> list[str]:
    """Summary lines of a folder of MNIST's files: what training would use, and how to start it.

    Raises DataError where they cannot be read or do not fit together.
    """
    digits = Digits(folder)
    halves = find_halves(folder)
    names = [attribute.partition("=")[2] for attribute in digits.attributes]
    counts = digits.targets(np.arange(digits.count)).sum(axis=0).astype(int)
    used = next(iter(halves.values())).pictures.name
    advice = f"train on it with: painting train {shlex.quote(str(folder))} --preset digits"
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
    return lines or ["labels: none; training uses the informative words of the captions"]
