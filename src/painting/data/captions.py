"""Captions: read from metadata fields and text files, and their informative words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from painting.cleaning import clean_text
from painting.text.prompt_syntax import read_syntax

MIN_WORD_SHARE = 0.01
MAX_WORD_SHARE = 0.6
"""Words of fewer pictures cannot be learned; words of more do not distinguish pictures."""
_WORD_PATTERN = re.compile(r"[^\W\d_]{3,}")
_STOP_WORDS = frozenset(
    "the and with from for this that these those has have was are its his her their our your some any all "
    "photo picture image close close-up very one two into onto over under near among beside".split()
)


def captions_in(value: object) -> tuple[str, ...] | None:
    """The cleaned captions in a metadata field, a text or a list of texts, each once; None where it is neither."""
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        return None
    return tuple(dict.fromkeys(filter(None, map(_as_prompt, texts))))


def _as_prompt(text: str) -> str:
    """The caption as the text that a prompt of it is read as: cleaned, without the syntax of other programs."""
    plain = read_syntax(clean_text(text).text).text
    return clean_text(plain).text  # what is beside a dropped tag may have become invisible


def read_text(path: Path) -> tuple[str, str | None]:
    """A text file's content and, where it is not UTF-8, the name of the encoding it was read as."""
    content = path.read_bytes()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace"), "UTF-16"
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), "Windows-1252"


def informative_words(captions: Sequence[Sequence[str]], at_most: int = 64) -> tuple[str, ...]:
    """The most frequent of the words in the captions of 1% to 60% of the pictures; captions by picture."""
    counts = Counter(word for texts in captions for word in words_of(texts))
    informative = [
        (-count, word)
        for word, count in counts.items()
        if MIN_WORD_SHARE <= count / len(captions) <= MAX_WORD_SHARE and count > 1
    ]
    return tuple(word for _, word in sorted(informative)[:at_most])


def words_of(captions: Sequence[str]) -> frozenset[str]:
    """The different words of at least three letters in one picture's captions, lower case, without stop words."""
    return frozenset(_WORD_PATTERN.findall(" ".join(captions).lower())) - _STOP_WORDS
