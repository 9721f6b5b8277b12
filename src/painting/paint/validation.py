"""Validation of prompts and numbers for the command line, the server and Python; every bound stands here once."""

import unicodedata

import numpy as np

from painting.errors import InvalidRequest

MAX_PROMPT_LENGTH = 500  # characters, after normalisation
MAX_PICTURES = 64  # of one request
MIN_MORPH_STEPS = 2  # frames of a morph
MAX_MORPH_STEPS = 240
MIN_TRUNCATION = 0.1
MAX_TRUNCATION = 1.0
MAX_STRENGTH = 1.5
MAX_SUBSEED_STRENGTH = 1.0
# Format characters that belong to writing: joiners in Persian, Indic scripts and emoji. The others hide or reorder.
JOINER_CHARACTERS = {"\u200c", "\u200d"}
# Keyboards and editors add these invisible marks beside Arabic and Hebrew; they carry no meaning, so they are dropped.
DIRECTION_MARKS = {ord("\u200e"): None, ord("\u200f"): None}
CONTROL_WHITESPACE = "\t\n\v\f\r\x85"  # control characters that fold to a space instead of being refused
REFUSED_CATEGORIES = {"Cc": "control", "Cf": "invisible", "Cs": "half a surrogate pair"}  # of Unicode


def check_prompt(text: object) -> str:
    """Return the normalised prompt: white space folded, direction marks dropped; raises InvalidRequest.

    A prompt has 1 to 500 characters and no control or invisible ones, beside tabs and line ends, which fold, and
    marks of writing direction (U+200E, U+200F), which are dropped.
    """
    if not isinstance(text, str):
        raise InvalidRequest(f"the prompt must be a text, not {type(text).__name__}")
    if len(text) > 20 * MAX_PROMPT_LENGTH:  # refused before the loop below: bounds the work
        raise InvalidRequest(_too_long(len(text)))
    text = text.translate(DIRECTION_MARKS)
    for character in text:
        category = unicodedata.category(character)
        allowed = character in CONTROL_WHITESPACE or character in JOINER_CHARACTERS
        if category in REFUSED_CATEGORIES and not allowed:
            raise InvalidRequest(
                f"the prompt contains the character U+{ord(character):04X} ({REFUSED_CATEGORIES[category]}): remove it"
            )
    folded = " ".join(text.split())
    if not folded:
        raise InvalidRequest("the prompt is empty: say what to paint, for example 'a red rose'")
    if len(folded) > MAX_PROMPT_LENGTH:
        raise InvalidRequest(_too_long(len(folded)))
    return folded


def check_count(count: object) -> int:
    """Return the number of pictures if it is a whole number from 1 to 64; raises InvalidRequest."""
    return check_whole(count, "count", 1, MAX_PICTURES)


def check_steps(steps: object) -> int:
    """Return a morph's number of frames if it is a whole number from 2 to 240; raises InvalidRequest."""
    return check_whole(steps, "number of steps", MIN_MORPH_STEPS, MAX_MORPH_STEPS)


def check_truncation(truncation: object) -> float:
    """Return the truncation if it is a number from 0.1 to 1; raises InvalidRequest."""
    return check_number(truncation, "truncation", MIN_TRUNCATION, MAX_TRUNCATION)


def check_strength(strength: object) -> float:
    """Return the strength if it is a number from 0 to 1.5; raises InvalidRequest."""
    return check_number(strength, "strength", 0, MAX_STRENGTH)


def check_subseed_strength(strength: object) -> float:
    """Return the strength of a variation if it is a number from 0 to 1; raises InvalidRequest."""
    return check_number(strength, "subseed_strength", 0, MAX_SUBSEED_STRENGTH)


def check_number(value: object, name: str, least: float, most: float) -> float:
    """Return the value if it is a number from `least` to `most`; raises InvalidRequest with its name and value."""
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not number or not least <= value <= most:  # type: ignore[operator]
        raise InvalidRequest(f"the {name} must be a number from {least:g} to {most:g}, not {repr(value)[:40]}")
    return float(value)  # type: ignore[arg-type]


def check_whole(value: object, name: str, least: int, most: int) -> int:
    """Return the value if it is a whole number from `least` to `most`; raises InvalidRequest with name and value."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not least <= value <= most:
        raise InvalidRequest(f"the {name} must be a whole number from {least} to {most}, not {repr(value)[:40]}")
    return int(value)


def _too_long(length: int) -> str:
    return f"the prompt has {length} characters; {MAX_PROMPT_LENGTH} are the most"
