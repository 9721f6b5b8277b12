"""Strict marshmallow fields, and the request parameters that all APIs share; bounds come from `validation`."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from apiflask import Schema
from apiflask.fields import Boolean, Float, Integer, String
from apiflask.validators import Range
from marshmallow import EXCLUDE, ValidationError

from painting.latents import SEED_COUNT
from painting.paint.paint_request import PaintOptions, Variation
from painting.paint.validation import (
    MAX_PICTURES,
    MAX_STRENGTH,
    MAX_SUBSEED_STRENGTH,
    MAX_TRUNCATION,
    MIN_TRUNCATION,
)

PROMPT_DESCRIPTION = "The prompt; omitted for a painter that takes none."
LONG_PROMPT_DESCRIPTION = "Its end is ignored where it is longer than the painter reads (truncated)."
SEED_DESCRIPTION = "Seed of the first picture; picture i has seed + i. Random if omitted; the answer states it."
MODEL_DESCRIPTION = "A painter's name, as GET /v1/painters lists them; the default one if omitted."
TRUNCATION_DESCRIPTION = "Scale of the latents; below 1, pictures are more typical and more alike."
STRENGTH_DESCRIPTION = "How closely the prompt is followed, if the painter supports it (takes_strength)."
SUBSEED_DESCRIPTION = "Seed of another picture, to vary towards; picture i has subseed + i. Random if omitted."
SUBSEED_STRENGTH_DESCRIPTION = "Variation: 0 for none; above, all pictures have one seed; 1: the subseed's own picture."
WIDTH_DESCRIPTION = "px; with height: the picture is scaled and centre-cropped."
HEIGHT_DESCRIPTION = "px; as painted if width or height is omitted."
RANDOM_SEED = -1  # AUTOMATIC1111's value for a random seed or subseed
MAX_WRITTEN_SIDE = 99_999  # px that can be written; the server's limit is a setting
MAX_QUOTED_LENGTH = 40  # characters of a wrong value that an error repeats
QUERY_INTEGER_PATTERN = re.compile(r"-?[0-9]{1,20}")
QUERY_NUMBER_PATTERN = re.compile(r"-?[0-9]{1,20}(\.[0-9]{0,20})?(e-?[0-9]{1,2})?", re.IGNORECASE)


class TolerantSchema(Schema):
    """Base of request bodies whose clients send fields that we do not know: those are ignored."""

    class Meta:
        """Marshmallow's options."""

        unknown = EXCLUDE


class Text(String):
    """A JSON string."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise wrong_value(f"the {attr} must be a text", value)
        return value


class Whole(Integer):
    """A whole JSON number: no string, no boolean; 2.0 is 2."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not _finite(value) or value != int(value):
            raise wrong_value(self.error_messages["invalid"], value)
        return int(value)


class Number(Float):
    """A finite JSON number: no string, no boolean."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if not _finite(value):
            raise wrong_value(self.error_messages["invalid"], value)
        return float(value)


class Flag(Boolean):
    """A JSON boolean: no string, no number."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise wrong_value(f"{attr} must be true or false", value)
        return value


class QueryWhole(Whole):
    """A whole number in a query string: ASCII digits alone."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not QUERY_INTEGER_PATTERN.fullmatch(value):
            raise wrong_value(self.error_messages["invalid"], value)
        return int(value)


class QueryNumber(Number):
    """A finite number in a query string, in ASCII digits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if not QUERY_NUMBER_PATTERN.fullmatch(value):
            raise wrong_value(self.error_messages["invalid"], value)
        return float(value)


class NamedRange(Range):
    """Marshmallow's range validator, with the field's name and value in its error."""

    def __call__(self, value: Any) -> Any:
        """Return a value within the bounds; raises ValidationError."""
        try:
            return super().__call__(value)
        except ValidationError as error:
            raise wrong_value(str(self.error), value) from error


def wrong_value(sentence: object, value: Any) -> ValidationError:
    """The error of a wrong value, which it repeats as JSON."""
    written = json.dumps(value, ensure_ascii=False, default=str)
    quoted = written if len(written) <= MAX_QUOTED_LENGTH else f"{written[:MAX_QUOTED_LENGTH]}…"
    return ValidationError(f"{sentence}, not {quoted}")


def _finite(value: Any) -> bool:
    """Whether it is a number that a float can hold: JSON also writes whole ones of hundreds of digits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def whole(
    name: str, bounds: tuple[int, int], default: int | None, description: str, kind: type[Whole] = Whole
) -> Whole:
    """A field for a whole number within bounds; in JSON, null means the default."""
    least, most = bounds
    sentence = f"the {name} must be a whole number from {least} to {most}"
    return kind(
        load_default=default,
        allow_none=kind is Whole,
        validate=NamedRange(least, most, error=sentence),
        error_messages={"invalid": sentence},
        metadata={"description": description},
    )


def number(
    name: str, bounds: tuple[float, float], default: float, description: str, kind: type[Number] = Number
) -> Number:
    """A field for a number within bounds; in JSON, null means the default."""
    least, most = bounds
    sentence = f"the {name} must be a number from {least:g} to {most:g}"
    return kind(
        load_default=default,
        allow_none=kind is Number,
        validate=NamedRange(least, most, error=sentence),
        error_messages={"invalid": sentence},
        metadata={"description": description},
    )


def text(description: str, **more: Any) -> Text:
    """A field for a text; null means that it is omitted."""
    return Text(load_default=None, allow_none=True, metadata={"description": description}, **more)


def prompt(description: str = PROMPT_DESCRIPTION) -> Text:
    """A field for a prompt."""
    return text(f"{description} {LONG_PROMPT_DESCRIPTION}")


def model() -> Text:
    """A field for a painter's name."""
    return text(MODEL_DESCRIPTION)


def count(name: str, default: int, kind: type[Whole] = Whole) -> Whole:
    """A field for a number of pictures."""
    return whole(name, (1, MAX_PICTURES), default, "Number of pictures.", kind)


def side(name: str, description: str) -> Whole:
    """A field for a picture's width or height in px; 0 means that it is omitted."""
    return whole(name, (0, MAX_WRITTEN_SIDE), None, description)


def seed(description: str = SEED_DESCRIPTION, name: str = "seed", kind: type[Whole] = Whole) -> Whole:
    """A field for a seed."""
    return whole(name, (0, SEED_COUNT - 1), None, description, kind)


def subseed(name: str = "subseed", kind: type[Whole] = Whole) -> Whole:
    """A field for a variation's subseed."""
    return seed(SUBSEED_DESCRIPTION, name, kind)


def subseed_strength(name: str = "subseed_strength", kind: type[Number] = Number) -> Number:
    """A field for a variation's strength."""
    return number(name, (0, MAX_SUBSEED_STRENGTH), 0.0, SUBSEED_STRENGTH_DESCRIPTION, kind)


def truncation(kind: type[Number] = Number) -> Number:
    """A field for a truncation."""
    return number("truncation", (MIN_TRUNCATION, MAX_TRUNCATION), 1.0, TRUNCATION_DESCRIPTION, kind)


def strength(kind: type[Number] = Number) -> Number:
    """A field for a strength."""
    return number("strength", (0, MAX_STRENGTH), 1.0, STRENGTH_DESCRIPTION, kind)


def variation(values: Mapping[str, Any], prefix: str = "") -> Variation | None:
    """The variation in a request's values; `prefix` is that of a morph's second end. None at strength 0."""
    strength = values[f"{prefix}subseed_strength"]
    subseed = values[f"{prefix}subseed"]
    return Variation(strength, None if subseed == RANDOM_SEED else subseed) if strength else None


def options(values: Mapping[str, Any]) -> PaintOptions:
    """The paint options in a request's values; null means the default."""
    truncation = 1.0 if values["truncation"] is None else values["truncation"]
    strength = 1.0 if values["strength"] is None else values["strength"]
    return PaintOptions(truncation, strength, variation(values))


def size(values: Mapping[str, Any]) -> tuple[int, int] | None:
    """The size in a request's width and height, in px; None unless both are given."""
    width = values["width"]
    height = values["height"]
    return (width, height) if width and height else None
