"""How a painter reads a request's prompt, as the APIs' answers state it."""

from typing import Any

from apiflask import Schema
from apiflask.fields import Boolean, List, Raw, String

from painting.paint.paint_request import PaintRequest
from painting.paint.prompt_reading import NEGATIVE_PROMPT_NOTE
from painting.serving.api.responses import TRUNCATED_DESCRIPTION


class ReadingOut(Schema):
    """What is said of a prompt beside its pictures."""

    truncated = Boolean(required=True, metadata={"description": TRUNCATED_DESCRIPTION})
    notes = List(
        String(),
        required=True,
        metadata={"description": "Sentences for the user: what is not read as it was written, and unfamiliar prompts."},
    )
    unknown_words = List(
        String(), required=True, metadata={"description": "Words that no caption of the painter's training has."}
    )
    left_out = List(
        String(), required=True, metadata={"description": "Tags and phrases that are not read, as they were written."}
    )
    familiar = Boolean(
        required=True,
        allow_none=True,
        metadata={"description": "Whether the training had anything near to the prompt; null if it is unknown."},
    )
    nearest_caption = String(
        required=True, allow_none=True, metadata={"description": "The nearest caption of the painter's training."}
    )


def negative_prompt() -> Raw:
    """A field for a negative prompt of any type, which is ignored with a note."""
    return Raw(
        load_default=None, metadata={"description": "Ignored: a painter cannot leave things out. A note says so."}
    )


def notes_on(negative_prompt: object) -> tuple[str, ...]:
    """The note on a negative prompt, if there is one."""
    return (NEGATIVE_PROMPT_NOTE,) if negative_prompt else ()


def reading_of(painted: PaintRequest, *more_notes: str) -> dict[str, Any]:
    """The values of `ReadingOut`."""
    reading = painted.reading
    return {
        "truncated": painted.truncated,
        "notes": [*painted.notes, *more_notes],
        "unknown_words": list(reading.unknown_words) if reading else [],
        "left_out": list(reading.left_out) if reading else [],
        "familiar": reading.familiar if reading else None,
        "nearest_caption": reading.nearest_caption if reading else None,
    }
