"""What requests may hold: numbers that are numbers, in JSON and in queries, and what several APIs ask alike."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from apiflask import Schema
from apiflask.fields import Boolean, Float, Integer, Nested, String
from apiflask.validators import Range
from marshmallow import ValidationError

from painting.latents import SEEDS
from painting.paint_request import PaintOptions, Variation
from painting.validation import (
    MAX_PICTURES,
    MAX_PROMPT_LENGTH,
    MAX_STRENGTH,
    MAX_SUBSEED_STRENGTH,
    MAX_TRUNCATION,
    MIN_TRUNCATION,
)

SEED_MEANING = "Seed of the first picture; the next pictures have the next seeds. Random if left out, and always told."
TRUNCATION_MEANING = "Below 1, pictures are more typical and more alike."
MODEL_MEANING = "A painter's name, as GET /v1/painters lists them; the default one if left out."
SUBSEED_MEANING = "Seed of another picture, to which pictures are near; random if left out. Picture i has subseed + i."
STRENGTH_MEANING = "How closely the prompt is followed, if the painter can be told: 1 as it learned to."
NEARNESS_MEANING = "How near to it: 0, not at all; from there on all pictures have the one seed; 1: the other picture."
WRITTEN_WHOLE = re.compile(r"-?[0-9]{1,20}")
WRITTEN_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{0,20})?(e-?[0-9]{1,2})?", re.IGNORECASE)
LONGEST_SHOWN = 40
MOST_SIDE = 99_999  # what is written; what may be painted is a setting
WIDTH_MEANING = "with height: the picture is scaled, and cut to that shape."
HEIGHT_MEANING = "without both: as the painter paints."
ANY_SEED = -1  # as AUTOMATIC1111 asks for a random one


class Text(String):
    """A text of JSON, or of a query."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise refused(f"the {attr} must be a text", value)
        return value


class Whole(Integer):
    """A whole number of JSON: no text, no true; 2.0 is 2."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not _finite(value) or value != int(value):
            raise refused(self.error_messages["invalid"], value)
        return int(value)


class Number(Float):
    """A finite number of JSON: no text, no true."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if not _finite(value):
            raise refused(self.error_messages["invalid"], value)
        return float(value)


class Flag(Boolean):
    """True or false of JSON: no text, no number."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise refused(f"{attr} must be true or false", value)
        return value


class WrittenWhole(Whole):
    """A whole number as a query writes it: digits of ASCII alone."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not WRITTEN_WHOLE.fullmatch(value):
            raise refused(self.error_messages["invalid"], value)
        return int(value)


class WrittenNumber(Number):
    """A finite number as a query writes it, in digits of ASCII."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if not WRITTEN_NUMBER.fullmatch(value):
            raise refused(self.error_messages["invalid"], value)
        return float(value)


class Within(Range):
    """Bounds; what is beyond them is told with its value."""

    def __call__(self, value: Any) -> Any:
        """Return a value that is within them; raises ValidationError."""
        try:
            return super().__call__(value)
        except ValidationError as problem:
            raise refused(str(self.error), value) from problem


def refused(sentence: object, value: Any) -> ValidationError:
    """What is raised for a value that cannot be taken, which is told as JSON writes it."""
    written = json.dumps(value, ensure_ascii=False, default=str)
    shown = written if len(written) <= LONGEST_SHOWN else f"{written[:LONGEST_SHOWN]}…"
    return ValidationError(f"{sentence}, not {shown}")


def _finite(value: Any) -> bool:
    """Whether it is a number that a float can hold: JSON also writes whole ones of hundreds of digits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def whole(name: str, least: int, most: int, default: int | None, meaning: str, kind: type[Whole] = Whole) -> Whole:
    """A field for a whole number within bounds; in JSON, null is as if it were left out."""
    sentence = f"the {name} must be a whole number from {least} to {most}"
    return kind(
        load_default=default,
        allow_none=kind is Whole,
        validate=Within(least, most, error=sentence),
        error_messages={"invalid": sentence},
        metadata={"description": meaning},
    )


def number(name: str, bounds: tuple[float, float], default: float, meaning: str, kind: type[Number] = Number) -> Number:
    """A field for a number within bounds; in JSON, null is as if it were left out."""
    sentence = "the {} must be a number from {:g} to {:g}".format(name, *bounds)
    return kind(
        load_default=default,
        allow_none=kind is Number,
        validate=Within(*bounds, error=sentence),
        error_messages={"invalid": sentence},
        metadata={"description": meaning},
    )


def seed(meaning: str = SEED_MEANING, name: str = "seed", kind: type[Whole] = Whole) -> Whole:
    """A field for a seed."""
    return whole(name, 0, SEEDS - 1, None, meaning, kind)


def subseed(name: str = "subseed", kind: type[Whole] = Whole) -> Whole:
    """A field for the seed of a picture that others are near to."""
    return seed(SUBSEED_MEANING, name, kind)


def subseed_strength(name: str = "subseed_strength", kind: type[Number] = Number) -> Number:
    """A field for how near pictures are to the subseed's."""
    return number(name, (0, MAX_SUBSEED_STRENGTH), 0.0, NEARNESS_MEANING, kind)


def variation(asked: Mapping[str, Any], end: str = "") -> Variation | None:
    """What was asked for with subseed and subseed_strength (of one end of a morph), if pictures should be near."""
    strength, other = asked[f"{end}subseed_strength"], asked[f"{end}subseed"]
    return Variation(strength, None if other == ANY_SEED else other) if strength else None


def truncation(kind: type[Number] = Number) -> Number:
    """A field for a truncation."""
    return number("truncation", (MIN_TRUNCATION, MAX_TRUNCATION), 1.0, TRUNCATION_MEANING, kind)


def strength(kind: type[Number] = Number) -> Number:
    """A field for how closely a prompt is followed."""
    return number("strength", (0, MAX_STRENGTH), 1.0, STRENGTH_MEANING, kind)


def options(asked: Mapping[str, Any]) -> PaintOptions:
    """The options of a request; null is the default."""
    truncation, strength = (1.0 if asked[name] is None else asked[name] for name in ("truncation", "strength"))
    return PaintOptions(truncation, strength, variation(asked))


def prompt(meaning: str = "What to paint; left out for a painter that takes no words.") -> Text:
    """A field for a prompt."""
    return Text(
        load_default=None,
        allow_none=True,
        metadata={"description": f"{meaning} At most {MAX_PROMPT_LENGTH} characters, white space folded."},
    )


def model() -> Text:
    """A field for a painter's name."""
    return Text(load_default=None, allow_none=True, metadata={"description": MODEL_MEANING})


def count(name: str, default: int, kind: type[Whole] = Whole) -> Whole:
    """A field for a number of pictures."""
    return whole(name, 1, MAX_PICTURES, default, "How many pictures.", kind)


def side(name: str, meaning: str) -> Whole:
    """A field for a picture's width or height; 0 is as if it were left out."""
    return whole(name, 0, MOST_SIDE, None, f"px; {meaning}")


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
    415: "The body is not sent as JSON",
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
