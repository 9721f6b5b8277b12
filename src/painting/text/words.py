"""Words of prompts and captions: tokens, their simple forms, and words that name nothing."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Words without a picture of their own: neither known nor unknown to a painter.
FUNCTION_WORDS = frozenset(
    "a about above across after against all among an and are as at be been before behind below beside between both but "
    "by can close could do does down during each every for from had has have he her here hers him his how i if in "
    "inside into is it its just like many me more most my near next no not of off on one only onto or other our out "
    "outside over own per she so some such than that the their them then there these they this those three through to "
    "too toward towards two under until up upon us very was we were what when where which while who will with within "
    "without would you your".split()
)
_WORD_PATTERN = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_TYPOGRAPHIC_APOSTROPHE = "\u2019"
# English inflections: an ending, and what the simple form has in its place.
_WORD_ENDINGS = (
    ("'s", ""),
    ("ies", "y"),
    ("es", ""),
    ("s", ""),
    ("ing", ""),
    ("ing", "e"),
    ("ed", ""),
    ("ed", "e"),
)
MIN_STEM_LENGTH = 3  # characters: "bus" is not a plural of "bu"


@dataclass(frozen=True)
class Word:
    """A word in lower case, and where it stands in its text."""

    text: str
    start: int
    end: int

    @property
    def names_something(self) -> bool:
        """Whether it is a content word: neither a function word nor a number."""
        return self.text not in FUNCTION_WORDS and not self.text.isdecimal()


def words_in(text: str) -> list[Word]:
    """The words of a text, in order; hyphens and underscores separate words."""
    plain = text.replace(_TYPOGRAPHIC_APOSTROPHE, "'")
    # Case folding takes some composed letters apart, as Greek iotas with two accents.
    return [
        Word(unicodedata.normalize("NFC", match[0].casefold()), *match.span())
        for match in _WORD_PATTERN.finditer(plain)
    ]


def content_words(text: str) -> list[str]:
    """The content words of a text, in lower case and in order."""
    return [word.text for word in words_in(text) if word.names_something]


def stems(word: str) -> Iterator[str]:
    """The word, and what it may be an inflection of: "daisies" of "daisy", "blooming" of "bloom"."""
    yield word
    for ending, instead in _WORD_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= MIN_STEM_LENGTH:
            yield word.removesuffix(ending) + instead
