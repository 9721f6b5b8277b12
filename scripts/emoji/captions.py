"""Captions of a picture, and the draws that choose its keywords, its skin tones and the test set.

A draw is a hash of what it is for, so that each is the same on every machine, whatever else is drawn.
"""

import hashlib
from collections.abc import Iterable, Sequence

KEYWORDS_PER_CAPTION = 3


def draw(*parts: str) -> float:
    """A pseudorandom number in [0, 1) that depends on texts alone."""
    digest = hashlib.sha256("\n".join(parts).encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64


def shuffled(values: Iterable[str], *parts: str) -> list[str]:
    """Values in a pseudorandom order that depends on them and `parts` alone."""
    return sorted(values, key=lambda value: draw(*parts, value))


def captions(name: str, tone: str | None, style: str, keywords: Sequence[str]) -> list[str]:
    """Four captions of a picture, and one with a few of its keywords where it has any."""
    subject = f"{name} with {tone} skin" if tone else name
    texts = [f"{subject}, {style} emoji", f"{style} emoji of {subject}", subject, f"{subject} in {style} style"]
    chosen = shuffled(keywords, "keywords", subject, style)[:KEYWORDS_PER_CAPTION]
    if chosen:
        texts.append(f"{subject}, {', '.join(chosen)}, {style} style")
    return texts
