"""Whether pictures show what their prompts asked for: the share of labels that a probe reads back off them."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from painting.data.folder import Example
from painting.evaluation.figure import Figure
from painting.evaluation.probe import Probe
from painting.images import UInt8Array


class Paints(Protocol):
    """What evaluation asks of a painter: `painting.painter.Painter` is one."""

    def paint_arrays(self, prompts: Sequence[str], seeds: Sequence[int]) -> UInt8Array:
        """One picture for each prompt and seed: uint8 (N, S, S, 3)."""


@dataclass(frozen=True)
class Request:
    """A prompt, and the labels that it names: {"species": "rose", "color": "red"}."""

    prompt: str
    named: dict[str, str]


def requests_of(examples: Sequence[Example], fields: Collection[str]) -> list[Request]:
    """One prompt for each example: the first of its captions that names most of its labels in these fields."""
    return [max((_request(text, example, fields) for text in example.captions), key=_count) for example in examples]


def _request(caption: str, example: Example, fields: Collection[str]) -> Request:
    labels = {field: value for field, value in example.labels.items() if field in fields}
    return Request(caption, {field: value for field, value in labels.items() if names(caption, value)})


def _count(request: Request) -> int:
    return len(request.named)


def names(caption: str, value: str) -> bool:
    """Whether a caption holds a value as whole words: "rose" is not in "a primrose"."""
    return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", caption, re.IGNORECASE) is not None


def read_back(probe: Probe, requests: Sequence[Request], painted: UInt8Array, real: UInt8Array) -> list[Figure]:
    """For each field the share of painted pictures in which the probe reads what the prompt named.

    `painted` and `real` (N, S, S, 3) are painted from the requests and the test photographs that these came from;
    prompts that do not name a field do not count in it.
    """
    read_painted, read_real = probe.read(painted), probe.read(real)
    figures = []
    for field in probe.fields:
        asked = [place for place, request in enumerate(requests) if field in request.named]
        if asked:
            wanted = [requests[place].named[field] for place in asked]
            readings = [[read[field][place] for place in asked] for read in (read_painted, read_real)]
            figures.append(_figure(field, wanted, readings[0], readings[1], probe.name))
    return figures


def _figure(field: str, wanted: list[str], painted: list[str], real: list[str], extractor: str) -> Figure:
    return Figure(
        name=f"{field} read back",
        value=share_equal(wanted, painted),
        real=share_equal(wanted, real),
        chance=share_by_chance(wanted, painted),
        n=len(wanted),
        extractor=extractor,
        split="test",
        protocol=f"One picture for each of {len(wanted)} test photographs, from its first caption that names most "
        f"labels, seeds 0, 1, 2 …: the share in which a classifier trained on the training photographs alone reads the "
        f"{field} of the prompt; real: the same share on these test photographs; chance: if prompts were ignored.",
    )


def share_equal(wanted: Sequence[str], read: Sequence[str]) -> float:
    """The share of places where two sequences of the same length agree."""
    return sum(a == b for a, b in zip(wanted, read, strict=True)) / len(wanted)


def share_by_chance(wanted: Sequence[str], read: Sequence[str]) -> float:
    """The share that would agree if the same readings were dealt out without regard to what was wanted."""
    asked, given = Counter(wanted), Counter(read)
    return sum(count * given[value] for value, count in asked.items()) / (len(wanted) * len(read))
