"""What may be asked of a painter: prompts and numbers are checked here, for the shell, the server and the library."""

import unicodedata

import numpy as np

from painting.errors import InvalidRequest

LONGEST = 500
MOST_PICTURES = 64
MOST_STEPS = 240
LEAST_TRUNCATION = 0.1
MOST_STRENGTH = 1.5
# Format characters that belong to writing: joiners in Persian, Indic scripts and emoji. The others hide or reorder.
JOINERS = {"\u200c", "\u200d"}
# Keyboards and editors put these beside Arabic and Hebrew, unseen: they say nothing, so they are left out.
DIRECTION_MARKS = {ord("\u200e"): None, ord("\u200f"): None}
FOLDED = "\t\n\v\f\r\x85"
HIDDEN = {"Cc": "control", "Cf": "invisible", "Cs": "half a surrogate pair"}


def check_prompt(text: object) -> str:
    """Return the prompt with its white space folded; raises InvalidRequest when it cannot be one.

    A prompt has 1 to 500 characters and no control or invisible ones, beside tabs and line ends, which fold, and
    marks of writing direction (U+200E, U+200F), which are dropped.
    """
    if not isinstance(text, str):
        raise InvalidRequest(f"the prompt must be a text, not {type(text).__name__}")
    if len(text) > 20 * LONGEST:  # not even worth reading
        raise InvalidRequest(_too_long(len(text)))
    text = text.translate(DIRECTION_MARKS)
    for character in text:
        kind = unicodedata.category(character)
        if kind in HIDDEN and character not in FOLDED and character not in JOINERS:
            raise InvalidRequest(
                f"the prompt contains the character U+{ord(character):04X} ({HIDDEN[kind]}): remove it"
            )
    folded = " ".join(text.split())
    if not folded:
        raise InvalidRequest("the prompt is empty: say what to paint, for example 'a red rose'")
    if len(folded) > LONGEST:
        raise InvalidRequest(_too_long(len(folded)))
    return folded


def check_count(count: object) -> int:
    """Return the count when it is a whole number from 1 to 64; raises InvalidRequest."""
    return check_whole(count, "count", 1, MOST_PICTURES)


def check_steps(steps: object) -> int:
    """Return a morph's number of frames when it is a whole number from 2 to 240; raises InvalidRequest."""
    return check_whole(steps, "number of steps", 2, MOST_STEPS)


def check_truncation(truncation: object) -> float:
    """Return the truncation when it is a number from 0.1 to 1; raises InvalidRequest."""
    return check_number(truncation, "truncation", LEAST_TRUNCATION, 1)


def check_strength(strength: object) -> float:
    """Return the strength when it is a number from 0 to 1.5; raises InvalidRequest."""
    return check_number(strength, "strength", 0, MOST_STRENGTH)


def check_number(value: object, name: str, least: float, most: float) -> float:
    """Return the value when it is a number from `least` to `most`; raises InvalidRequest that names it."""
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not number or not least <= value <= most:  # type: ignore[operator]
        raise InvalidRequest(f"the {name} must be a number from {least:g} to {most:g}, not {repr(value)[:40]}")
    return float(value)  # type: ignore[arg-type]


def check_whole(value: object, name: str, least: int, most: int) -> int:
    """Return the value when it is a whole number from `least` to `most`; raises InvalidRequest that names it."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not least <= value <= most:
        raise InvalidRequest(f"the {name} must be a whole number from {least} to {most}, not {repr(value)[:40]}")
    return int(value)


def _too_long(length: int) -> str:
    return f"the prompt has {length} characters; {LONGEST} are the most"
