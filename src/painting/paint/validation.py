"""Validation of prompts and numbers for the command line, the server and Python; every bound stands here once."""

import numpy as np

from painting.cleaning import CleanText, clean_text
from painting.errors import InvalidRequest

MAX_PICTURES = 64  # of one request
MIN_MORPH_STEPS = 2  # frames of a morph
MAX_MORPH_STEPS = 240
MIN_TRUNCATION = 0.1
MAX_TRUNCATION = 1.0
MAX_STRENGTH = 1.5
MAX_SUBSEED_STRENGTH = 1.0


def check_prompt(text: object) -> CleanText:
    """Return the cleaned prompt, and whether its end was cut off; raises InvalidRequest if it is no text or empty."""
    if not isinstance(text, str):
        raise InvalidRequest(f"the prompt must be a text, not {type(text).__name__}")
    cleaned = clean_text(text)
    if not cleaned.text:
        raise InvalidRequest("the prompt is empty: say what to paint, for example 'a red rose'")
    return cleaned


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
        raise InvalidRequest(f"the {name} must be a number from {least:g} to {most:g}, not {repr(value)[:40]}", name)
    return float(value)  # type: ignore[arg-type]


def check_whole(value: object, name: str, least: int, most: int) -> int:
    """Return the value if it is a whole number from `least` to `most`; raises InvalidRequest with name and value."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not least <= value <= most:
        raise InvalidRequest(f"the {name} must be a whole number from {least} to {most}, not {repr(value)[:40]}", name)
    return int(value)
