"""What JSON may hold in our requests: numbers that are numbers, and what several APIs ask alike."""

import math
from typing import Any

from apiflask import Schema
from apiflask.fields import Boolean, Float, Integer, Nested, String
from apiflask.validators import Range

from painting.latents import SEEDS
from painting.prompts import LEAST_TRUNCATION, LONGEST, MOST_PICTURES

SEED_MEANING = "Seed of the first picture; the next pictures have the next seeds. Random if left out, and always told."
TRUNCATION_MEANING = "Below 1, pictures are more typical and more alike."
MODEL_MEANING = "A painter's name, as GET /v1/painters lists them; the default one if left out."


class Whole(Integer):
    """A whole number of JSON: no text, no true; 2.0 is 2."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not _finite(value) or value != int(value):
            raise self.make_error("invalid", input=value)
        return int(value)


class Number(Float):
    """A finite number of JSON: no text, no true."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if not _finite(value):
            raise self.make_error("invalid", input=value)
        return float(value)


class Flag(Boolean):
    """True or false of JSON: no text, no number."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


def _finite(value: Any) -> bool:
    """Whether it is a number that a float can hold: JSON also writes whole ones of hundreds of digits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def whole(name: str, least: int, most: int, default: int | None, meaning: str) -> Whole:
    """A field for a whole number within bounds; null is as if it were left out."""
    sentence = f"the {name} must be a whole number from {least} to {most}"
    return Whole(
        load_default=default,
        allow_none=True,
        validate=Range(least, most, error=sentence),
        error_messages={"invalid": sentence},
        metadata={"description": meaning},
    )


def seed(meaning: str = SEED_MEANING) -> Whole:
    """A field for a seed."""
    return whole("seed", 0, SEEDS - 1, None, meaning)


def truncation() -> Number:
    """A field for a truncation."""
    sentence = f"the truncation must be a number from {LEAST_TRUNCATION} to 1"
    return Number(
        load_default=1.0,
        allow_none=True,
        validate=Range(LEAST_TRUNCATION, 1, error=sentence),
        error_messages={"invalid": sentence},
        metadata={"description": TRUNCATION_MEANING},
    )


def prompt(meaning: str = "What to paint; left out for a painter that takes no words.") -> String:
    """A field for a prompt."""
    return String(
        load_default=None,
        allow_none=True,
        error_messages={"invalid": "the prompt must be a text"},
        metadata={"description": f"{meaning} At most {LONGEST} characters, white space folded."},
    )


def model() -> String:
    """A field for a painter's name."""
    return String(load_default=None, allow_none=True, metadata={"description": MODEL_MEANING})


def count(name: str, default: int) -> Whole:
    """A field for a number of pictures."""
    return whole(f"number {name}", 1, MOST_PICTURES, default, "How many pictures.")


class Problem(Schema):
    """What went wrong."""

    message = String(required=True, metadata={"description": "One sentence for people."})
    type = String(required=True)
    param = String(required=True, allow_none=True, metadata={"description": "The field that is wrong, if it is one."})
    code = String(required=True, allow_none=True)


class ErrorOut(Schema):
    """An error, as OpenAI's clients read it."""

    error = Nested(Problem, required=True)


PAINTS = {
    400: "It cannot be painted; the sentence says which value and why",
    401: "No key, where the server asks for one",
    404: "There is no such painter",
    413: "The body is too large",
    429: "This client has had its share; Retry-After tells when to come again",
    500: "A fault of the server; its log says more",
    503: "More waits than can be painted in time; Retry-After tells when to come again",
}
TELLS = {401: PAINTS[401], 500: PAINTS[500]}


def json_answers(meaning: str, others: dict[int, str]) -> Any:
    """The responses of a route that answers JSON whose form others decided, for its description."""
    return {200: {"description": meaning, "content": {"application/json": {"schema": {}}}}, **others}


def file_answers(meaning: str, *kinds: str, others: dict[int, str], **more: Any) -> Any:
    """The responses of a route that answers a file of one of these kinds, for its description."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    return {200: {"description": meaning, "content": content, **more}, **others}
