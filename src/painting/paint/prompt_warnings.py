"""Warnings of prompts that are painted otherwise than they were written, for Python and the command line."""

import warnings

from painting.paint.morph import MorphRequest
from painting.paint.paint_request import PaintRequest


class PromptTruncated(UserWarning):
    """A prompt was longer than the text encoder reads."""


class PromptNote(UserWarning):
    """A prompt has syntax, words or a language that the painter does not know."""


def warn_of_prompts(request: PaintRequest | MorphRequest) -> None:
    """Warn of what is not read as it was written; the warnings point at the line that called our caller."""
    if request.truncated:
        warnings.warn("the prompt is longer than the painter reads; its end is left out", PromptTruncated, stacklevel=3)
    if request.notes:
        warnings.warn("; ".join(request.notes), PromptNote, stacklevel=3)
