"""Text cleaning and truncation: one rule for captions, prompts and example prompts, wherever they come from."""

import re
import unicodedata
from typing import NamedTuple

MAX_TEXT_LENGTH = 2000
"""Characters of a cleaned text: twice what 256 tokens hold, and what fits twice into a JPEG's 64 kB of metadata."""
MAX_CLEANED_LENGTH = 20 * MAX_TEXT_LENGTH  # characters of a text that are cleaned at all: bounds the work
DROPPED_CATEGORIES = {"Cc", "Cf", "Cs", "Co"}
"""Control, format, surrogate, private use. Unassigned ones stay: the next Unicode assigns some of them to emoji."""
JOINER_CHARACTERS = "\u200c\u200d"
"""Format characters that belong to writing: in Persian, Indic scripts and emoji."""
BLANK_LETTERS = "\u2800\u3164\uffa0"  # of categories So and Lo, but drawn as spaces
_JOINER_CLASS = f"[{JOINER_CHARACTERS}]"
_STRAY_JOINER_PATTERN = re.compile(
    rf"(?<={_JOINER_CLASS}){_JOINER_CLASS}+"  # a second one in a row
    rf"|(?<![^\x00-\x7f]){_JOINER_CLASS}+|{_JOINER_CLASS}+(?![^\x00-\x7f])"  # beside a space, a Latin letter or nothing
)


class CleanText(NamedTuple):
    """A cleaned text, and whether its end was cut off."""

    text: str
    truncated: bool = False


def clean_text(raw: str) -> CleanText:
    """Clean a text: one line in NFC, single spaces, no invisible characters, at most 2000 characters; may be empty.

    Control, format, surrogate and private-use characters are dropped, except joiners inside words of scripts that have
    them and inside emoji; white space of any kind is a space. Cleaning a cleaned text changes nothing.
    """
    start = raw.lstrip()
    visible = "".join(map(_cleaned, start[:MAX_CLEANED_LENGTH]))
    joined = _STRAY_JOINER_PATTERN.sub("", unicodedata.normalize("NFC", visible))
    # Again NFC: letters and their accents may have met where something between them was dropped.
    text = unicodedata.normalize("NFC", " ".join(joined.split()))
    truncated = len(text) > MAX_TEXT_LENGTH or len(start) > MAX_CLEANED_LENGTH
    return CleanText(text[:MAX_TEXT_LENGTH].rstrip(f" {JOINER_CHARACTERS}"), truncated)


def _cleaned(character: str) -> str:
    """What is left of a character: itself, a space, or nothing."""
    if character.isspace() or character in BLANK_LETTERS:
        return " "
    dropped = unicodedata.category(character) in DROPPED_CATEGORIES and character not in JOINER_CHARACTERS
    return "" if dropped else character
