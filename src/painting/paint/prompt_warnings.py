"""Warnings of prompts that are painted otherwise than they were written, and of painters, for Python and commands."""

import warnings
from collections.abc import Mapping
from typing import Any

from painting.paint.morph import MorphRequest
from painting.paint.paint_request import PaintRequest


class PromptTruncated(UserWarning):
    """A prompt was longer than the text encoder reads."""


class PromptNote(UserWarning):
    """A prompt has syntax, words or a language that the painter does not know."""


class PainterNote(UserWarning):
    """A painter's card says that its pictures are far from those that it was trained on."""


def warn_of_painter(name: str, card: Mapping[str, Any]) -> None:
    """Warn of a painter whose card, which may hold anything, has a `distance` that is far; points as below."""
    distance = card.get("distance")
    values = (distance.get("value"), distance.get("far")) if isinstance(distance, dict) else (None, None)
    value, far = (float(number) if isinstance(number, int | float) else None for number in values)
    if value is not None and far is not None and value >= far:
        warnings.warn(
            f"the pictures of the painter '{name}' are far from those that it was trained on: its card says "
            f"{value:.0f}, where {far:.0f} is far",
            PainterNote,
            stacklevel=3,
        )


def warn_of_prompts(request: PaintRequest | MorphRequest) -> None:
    """Warn of what is not read as it was written; the warnings point at the line that called our caller."""
    if request.truncated:
        warnings.warn("the prompt is longer than the painter reads; its end is left out", PromptTruncated, stacklevel=3)
    if request.notes:
        warnings.warn("; ".join(request.notes), PromptNote, stacklevel=3)
