"""Marshmallow fields of the request parameters that all APIs share; bounds come from `validation`."""

from collections.abc import Mapping
from difflib import get_close_matches
from itertools import islice
from typing import Any

from apiflask import Schema
from apiflask.validators import OneOf, Regexp
from marshmallow import EXCLUDE, RAISE, ValidationError, pre_load

from painting.paint.paint_request import PaintOptions, Variation
from painting.paint.validation import (
    MAX_PICTURES,
    MAX_STRENGTH,
    MAX_SUBSEED_STRENGTH,
    MAX_TRUNCATION,
    MIN_TRUNCATION,
)
from painting.serving.api.field_types import (
    MAX_QUOTED_LENGTH,
    NUMBER_PATTERN,
    RANDOM_SEED,
    NamedRange,
    Number,
    OptionalText,
    PictureKind,
    Seed,
    Text,
    Whole,
)
from painting.serving.engine.encoding import (
    BACKGROUND_NAMES,
    DEFAULT_BACKGROUND,
    DEFAULT_FIT,
    DEFAULT_QUALITY,
    FIT_NAMES,
    IMAGE_KINDS,
    SIZE_PATTERN,
)

PROMPT_DESCRIPTION = "The prompt; omitted for a painter that takes none."
LONG_PROMPT_DESCRIPTION = "Its end is ignored where it is longer than the painter reads (truncated)."
SEED_DESCRIPTION = (
    "Seed of the first picture; picture i has seed + i. Taken mod 2^32; random if omitted or -1; the answer states it."
)
MODEL_DESCRIPTION = "A painter's name, as GET /v1/painters lists them; the default one if omitted."
TRUNCATION_DESCRIPTION = "Scale of the latents; below 1, pictures are more typical and more alike."
STRENGTH_DESCRIPTION = "How closely the prompt is followed, if the painter supports it (takes_strength)."
SUBSEED_DESCRIPTION = "Seed of another picture, to vary towards; picture i has subseed + i. Random if omitted or -1."
SUBSEED_STRENGTH_DESCRIPTION = "Variation: 0 for none; above, all pictures have one seed; 1: the subseed's own picture."
SIDE_DESCRIPTION = (
    "px, to which the picture is scaled; of width and height, one alone stands for both. As painted if 0."
)
FIT_DESCRIPTION = "How a square picture gets another shape: cover crops it, contain pads it."
BACKGROUND_DESCRIPTION = (
    "Of a painter with transparency (has_alpha): auto keeps it in png and webp, opaque lays pictures on white; "
    "transparent is refused for other painters, and for jpeg."
)
SEED_BOUNDS = (-(1 << 63), (1 << 64) - 1)  # clients draw seeds of 64 bits, with a sign or without
MAX_CHECKED_NAMES = 100  # of a request: bounds the time of comparing them
MAX_WRITTEN_SIDE = 99_999  # px that can be written; the server's limit is a setting


class TolerantSchema(Schema):
    """Base of request bodies whose clients send fields that we do not know: those are ignored."""

    class Meta:
        """Marshmallow's options."""

        unknown = EXCLUDE


class OwnSchema(Schema):
    """Base of our own API's request bodies: a misspelt field would change what is painted, and is refused."""

    class Meta:
        """Marshmallow's options."""

        unknown = RAISE

    @pre_load
    def refuse_unknown(self, values: Mapping[str, Any], **_: object) -> Mapping[str, Any]:
        """Refuse an unknown field, with the nearest that exists; raises ValidationError."""
        for name in islice(values, MAX_CHECKED_NAMES):
            nearest = [] if name in self.fields else get_close_matches(name, self.fields, 1)
            if nearest:
                raise ValidationError(f"there is no field {name[:40]!r}: did you mean {nearest[0]}?", name[:40])
            if name not in self.fields and self.unknown == RAISE:
                raise ValidationError(f"there is no field {name[:40]!r}; there are {', '.join(self.fields)}", name[:40])
        return values


class OwnQuerySchema(OwnSchema):
    """Base of our own API's queries: a misspelt name is refused, any other one (`utm_source`) ignored."""

    class Meta:
        """Marshmallow's options."""

        unknown = EXCLUDE


def whole(name: str, bounds: tuple[int, int], default: int | None, description: str) -> Whole:
    """A field for a whole number within bounds."""
    sentence = f"the {name} must be a whole number from {bounds[0]} to {bounds[1]}"
    return Whole(load_default=default, **_bounded("integer", bounds, sentence, description))


def number(name: str, bounds: tuple[float, float], default: float, description: str) -> Number:
    """A field for a number within bounds."""
    sentence = f"the {name} must be a number from {bounds[0]:g} to {bounds[1]:g}"
    return Number(load_default=default, **_bounded("number", bounds, sentence, description))


def seed(description: str = SEED_DESCRIPTION, name: str = "seed") -> Seed:
    """A field for a seed; None: random."""
    sentence = f"the {name} must be a whole number of up to 64 bits, or {RANDOM_SEED} for a random one"
    return Seed(load_default=None, **_bounded("integer", SEED_BOUNDS, sentence, description))


def _bounded(json_type: str, bounds: tuple[float, float], sentence: str, description: str) -> dict[str, Any]:
    """The arguments of a field for a number within bounds, which it takes also as text; `sentence`: its error."""
    pattern = f"^({NUMBER_PATTERN})?$"
    return {
        "allow_none": True,
        "validate": NamedRange(*bounds, error=sentence),
        "error_messages": {"invalid": sentence},
        "metadata": {"description": description, "type": [json_type, "string"], "pattern": pattern},
    }


def text(description: str, **more: Any) -> Text:
    """A field for a text."""
    return OptionalText(load_default=None, allow_none=True, metadata={"description": description}, **more)


def choice(
    name: str, choices: tuple[str, ...], default: str | None, description: str, kind: type[Text] = OptionalText
) -> Text:
    """A field for one of some words."""
    error = f"the {name} must be one of {', '.join(choices)}, not {{input!r:.{MAX_QUOTED_LENGTH}}}"
    return kind(
        load_default=default,
        allow_none=True,
        validate=OneOf(choices, error=error),
        metadata={"description": description},
    )


def prompt(description: str = PROMPT_DESCRIPTION) -> Text:
    """A field for a prompt; an empty one is no omission, but refused by the painter."""
    described = f"{description} {LONG_PROMPT_DESCRIPTION}"
    return Text(load_default=None, allow_none=True, metadata={"description": described})


def model() -> Text:
    """A field for a painter's name."""
    return text(MODEL_DESCRIPTION)


def count(name: str, default: int) -> Whole:
    """A field for a number of pictures."""
    return whole(name, (1, MAX_PICTURES), default, "Number of pictures.")


def side(name: str) -> Whole:
    """A field for a picture's width or height in px; 0 means that it is omitted."""
    return whole(name, (0, MAX_WRITTEN_SIDE), None, SIDE_DESCRIPTION)


def fit() -> Text:
    """A field for the way in which a picture gets another shape."""
    return choice("fit", FIT_NAMES, DEFAULT_FIT, FIT_DESCRIPTION)


def background() -> Text:
    """A field for the background of pictures with transparency."""
    return choice("background", BACKGROUND_NAMES, DEFAULT_BACKGROUND, BACKGROUND_DESCRIPTION)


def picture_size() -> Text:
    """A field for a picture's size as text, which `parse_size` reads."""
    error = f"the size must be 'auto' or WIDTHxHEIGHT in px, not {{input!r:.{MAX_QUOTED_LENGTH}}}"
    return text(
        "auto, as painted, or WIDTHxHEIGHT in px, to which it is scaled.", validate=Regexp(SIZE_PATTERN, error=error)
    )


def picture_kind(name: str, description: str) -> Text:
    """A field for a kind of picture file; None if it is omitted."""
    return choice(name, IMAGE_KINDS, None, description, PictureKind)


def quality(name: str) -> Whole:
    """A field for the quality of a picture file."""
    return whole(name, (0, 100), DEFAULT_QUALITY, "Quality of webp and jpeg.")


def subseed(name: str = "subseed") -> Seed:
    """A field for a variation's subseed."""
    return seed(SUBSEED_DESCRIPTION, name)


def subseed_strength(name: str = "subseed_strength") -> Number:
    """A field for a variation's strength."""
    return number(name, (0, MAX_SUBSEED_STRENGTH), 0.0, SUBSEED_STRENGTH_DESCRIPTION)


class PromptIn(Schema):
    """The prompt, by the name that most APIs have for it."""

    prompt = prompt()


class PaintOptionsIn(Schema):
    """The seed and the paint options, which have one name in all APIs."""

    seed = seed()
    truncation = number("truncation", (MIN_TRUNCATION, MAX_TRUNCATION), 1.0, TRUNCATION_DESCRIPTION)
    strength = number("strength", (0, MAX_STRENGTH), 1.0, STRENGTH_DESCRIPTION)
    subseed = subseed()
    subseed_strength = subseed_strength()


def variation(values: Mapping[str, Any], prefix: str = "") -> Variation | None:
    """The variation in a request's values; `prefix` is that of a morph's second end. None at strength 0."""
    strength = values[f"{prefix}subseed_strength"]
    return Variation(strength, values[f"{prefix}subseed"]) if strength else None


def options(values: Mapping[str, Any]) -> PaintOptions:
    """The paint options in a request's values."""
    return PaintOptions(values["truncation"], values["strength"], variation(values))


def size(values: Mapping[str, Any]) -> tuple[int, int] | None:
    """The size in a request's width and height, in px: one alone is both; None for the painter's own."""
    width = values["width"] or values["height"]
    height = values["height"] or values["width"]
    return (width, height) if width else None
