"""Marshmallow field types that take a value however clients write it, and refuse one that means nothing by its name.

7, 7.0 and "7" are one number; null, "" and a field that is left out are one omission.
"""

import json
import math
import re
from typing import Any

from apiflask.fields import Boolean, Field, Float, Integer, String
from apiflask.validators import Range
from marshmallow import ValidationError, missing

from painting.latents import SEED_COUNT

KIND_ALIASES = {"jpg": "jpeg"}
RANDOM_SEED = -1  # AUTOMATIC1111's value for a random seed or subseed
MAX_QUOTED_LENGTH = 40  # characters of a wrong value that an error repeats
NUMBER_PATTERN = r"[+-]?[0-9]{1,20}(\.[0-9]{0,20})?([eE][+-]?[0-9]{1,3})?"  # as text, in ASCII digits
WHOLE_PATTERN = r"[+-]?[0-9]{1,20}"


class OmittableField(Field):  # type: ignore[type-arg]  # generic in some versions of marshmallow alone
    """Base of fields for which null and an empty text are an omission."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """Return the field's value, or its default where it is omitted; raises ValidationError."""
        omitted = value is None or value == ""
        return super().deserialize(missing if omitted else value, attr, data, **kwargs)


class Text(String):
    """A JSON string."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise wrong_value(f"the {attr} must be a text", value)
        return value


class OptionalText(OmittableField, Text):
    """A JSON string that says nothing if it is empty."""


class PictureKind(OptionalText):
    """A kind of picture file; "jpg" is "jpeg"."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        kind = super()._deserialize(value, attr, data, **kwargs)
        return KIND_ALIASES.get(kind, kind)


class Whole(OmittableField, Integer):
    """A whole number, also as text; no boolean."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        number = parse_number(value)
        if number is None or number != int(number):
            raise wrong_value(self.error_messages["invalid"], value)
        return int(number)


class Number(OmittableField, Float):
    """A finite number, also as text; no boolean."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        number = parse_number(value)
        if number is None:
            raise wrong_value(self.error_messages["invalid"], value)
        return float(number)


class Seed(Whole):
    """A seed of up to 64 bits, taken mod 2^32; None (random) for -1."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> int | None:
        """Return the seed within the painter's range; raises ValidationError."""
        number: int | None = super().deserialize(value, attr, data, **kwargs)
        return None if number is None or number == RANDOM_SEED else number % SEED_COUNT


class Flag(OmittableField, Boolean):
    """A JSON boolean: no string, no number."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise wrong_value(f"{attr} must be true or false", value)
        return value


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


def parse_number(value: Any) -> int | float | None:
    """The number that a JSON value is, or that a text writes; None if it is none, or beyond a float's range."""
    if isinstance(value, str):
        value = _read_number(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return value if math.isfinite(value) else None
    except OverflowError:  # JSON also writes whole numbers of hundreds of digits
        return None


def _read_number(text: str) -> int | float | None:
    if re.fullmatch(WHOLE_PATTERN, text):
        return int(text)
    return float(text) if re.fullmatch(NUMBER_PATTERN, text) else None
