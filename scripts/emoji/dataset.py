"""The captioned pictures of all emoji in all styles, and which of them are the test set."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scripts.emoji.captions import captions, draw, shuffled
from scripts.emoji.names import Emoji
from scripts.emoji.styles import Drawings, Style, webp

TONE_SHARE = 0.12
"""Of the pictures with a skin tone: they differ little, and all would be half of the pictures."""
TEST_SHARE = 0.28
"""Of the names, whose picture in one style is held out."""
MIN_STYLES_OF_TEST_NAME = 3
"""So that training has the name in two other styles at least."""


@dataclass(frozen=True)
class Picture:
    """A picture of an emoji in a style; `tone` of skin, if any."""

    emoji: Emoji
    style: Style
    tone: str | None
    stem: str
    content: bytes

    @property
    def pair(self) -> tuple[str, str]:
        return self.emoji.name, self.style.name

    @property
    def file_name(self) -> str:
        return f"{self.stem}.webp"

    def metadata(self) -> dict[str, Any]:
        """Its line of metadata.jsonl."""
        emoji, style = self.emoji, self.style.name
        line = {"file_name": self.file_name, "name": emoji.name, "group": emoji.group, "subgroup": emoji.subgroup}
        tone = {"tone": self.tone} if self.tone else {}
        return line | {"style": style} | tone | {"captions": captions(emoji.name, self.tone, style, emoji.keywords)}


def pictures_of(style: Style, drawings: Drawings, emoji: Sequence[Emoji]) -> Iterator[Picture]:
    """The different pictures of a style: of equal ones, such as a family's that no style tells apart, the first."""
    known = set()
    slugs = unique_slugs(emoji)
    for one in emoji:
        for tone, code in _codes(one, style):
            content = webp(drawings[code]) if code in drawings else None
            if content is not None and content not in known:
                known.add(content)
                stem = "-".join(filter(None, (slugs[one.code], tone, style.suffix)))
                yield Picture(one, style, tone, stem, content)


def _codes(emoji: Emoji, style: Style) -> Iterator[tuple[str | None, str]]:
    """The codes to draw in a style: the emoji's own, and those of a pseudorandom TONE_SHARE of its skin tones."""
    yield None, emoji.code
    for tone, code in emoji.tones.items():
        if draw("tone", style.name, code) < TONE_SHARE:
            yield tone, code


def unique_slugs(emoji: Iterable[Emoji]) -> dict[str, str]:
    """Names for files by code: letters, digits and hyphens of the emoji's name, and its code where two would agree."""
    slugs = {one.code: re.sub("[^a-z0-9]+", "-", one.name.lower()).strip("-") for one in emoji}
    counts = Counter(slugs.values())
    return {code: slug if counts[slug] == 1 else f"{slug}-{code}" for code, slug in slugs.items()}


def split(pictures: Sequence[Picture]) -> Mapping[str, list[Picture]]:
    """Divide pictures into "train" and "test": a pair of test, of a name and a style, is not in train.

    A held-out pair's pictures with a skin tone are left out.
    """
    styles: dict[str, list[str]] = {}
    for picture in pictures:
        if picture.tone is None:
            styles.setdefault(picture.emoji.name, []).append(picture.style.name)
    pairs = {(name, shuffled(drawn, "test style", name)[0]) for name, drawn in styles.items() if _is_test(name, drawn)}
    return {
        "train": [picture for picture in pictures if picture.pair not in pairs],
        "test": [picture for picture in pictures if picture.pair in pairs and picture.tone is None],
    }


def _is_test(name: str, styles: Sequence[str]) -> bool:
    return len(styles) >= MIN_STYLES_OF_TEST_NAME and draw("test", name) < TEST_SHARE
