"""Responses of the APIs: files, and their descriptions for the OpenAPI document."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from apiflask import Schema
from apiflask.fields import Nested, String
from flask import Request, Response

from painting.serving.engine.encoding import ALPHA_KINDS, IMAGE_KINDS, format_size
from painting.serving.engine.image_request import ImageFile

PAINT_ERRORS = {
    400: "A value is invalid; the message names it",
    401: "The API key is missing or wrong, where the server requires one",
    404: "There is no such painter",
    413: "The body is too large",
    415: "The body's Content-Type is not JSON",
    429: "The client's rate limit is used up; Retry-After says when to retry",
    500: "Internal server error; details are in the server's log",
    503: "The queue is longer than can be painted in time; Retry-After says when to retry",
}
TRUNCATED_DESCRIPTION = "Whether the prompt is longer than the painter reads, and its end was ignored."
READING_HEADERS = {
    "X-Painting-Truncated": ("string", "true where a prompt's end was ignored; else left out."),
    "X-Painting-Notes": ("string", "What else is not read as it was written, percent-encoded; else left out."),
}
MAX_NOTES_LENGTH = 300  # characters in a header, before others than ASCII are percent-encoded
PRINTABLE_ASCII = " !\"#$&'()*+,/:;<=>?@[\\]^`{|}"
PICTURE_HEADERS = {
    "X-Painting-Model": ("string", "The painter."),
    "X-Painting-Seed": ("integer", "The seed that reproduces the picture."),
    "X-Painting-Subseed": ("integer", "The subseed of a variation."),
    "X-Painting-Size": ("string", "The size as painted, before it was scaled."),
    "X-Painting-Fit": ("string", "cover or contain, if the picture was cropped or padded."),
    **READING_HEADERS,
}
READ_ERRORS = {status: PAINT_ERRORS[status] for status in (401, 500)}
READ_ONE_ERRORS = {status: PAINT_ERRORS[status] for status in (401, 404, 500)}


class Problem(Schema):
    """An error, as OpenAI's clients parse it."""

    message = String(required=True, metadata={"description": "One sentence."})
    type = String(required=True)
    param = String(required=True, allow_none=True, metadata={"description": "The invalid field, if it is one."})
    code = String(required=True, allow_none=True)


class ErrorOut(Schema):
    """The body of every error."""

    error = Nested(Problem, required=True)


def json_responses(description: str, errors: Mapping[int, str]) -> Any:
    """Describe the responses of a route with JSON whose schema is AUTOMATIC1111's."""
    return {200: {"description": description, "content": {"application/json": {"schema": {}}}}, **errors}


def file_responses(description: str, *media_types: str, errors: Mapping[int, str], **more: Any) -> Any:
    """Describe the responses of a route with a file of one of these media types."""
    content = {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in media_types}
    return {200: {"description": description, "content": content, **more}, **errors}


def header_descriptions(headers: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """Describe a response's headers, given as name → (type, description)."""
    return {
        name: {"schema": {"type": type}, "description": description} for name, (type, description) in headers.items()
    }


def reading_headers(truncated: bool, notes: Sequence[str]) -> tuple[str | None, str | None]:
    """The values of READING_HEADERS; None, so that it is left out, for a prompt that is read as it was written."""
    written = quote("; ".join(notes)[:MAX_NOTES_LENGTH], PRINTABLE_ASCII) if notes else None
    return "true" if truncated else None, written


def file_response(content: bytes, media_type: str, headers: Mapping[str, object]) -> Response:
    """A file that is not to be cached, with headers; those that are None are left out."""
    response = Response(content, content_type=media_type)
    response.headers["Cache-Control"] = "no-store"
    for name, value in headers.items():
        if value is not None:
            response.headers[name] = str(value).encode("ascii", "replace").decode()
    return response


def picture_response(image: ImageFile, *more_notes: str) -> Response:
    """A picture that is not to be cached, with the headers PICTURE_HEADERS."""
    request, fitting = image.request, image.fitting
    values = (
        request.painter,
        image.seed,
        image.subseed,
        format_size(fitting.painted),
        fitting.fit,
        *reading_headers(request.truncated, (*request.notes, *more_notes)),
    )
    return file_response(image.content, image.format.media_type, dict(zip(PICTURE_HEADERS, values, strict=True)))


def accepted_kind(request: Request, background: str) -> str:
    """The kind of picture file that a request's header Accept prefers; PNG if none.

    For a transparent background it is a kind that has one, unless the header accepts none of those.
    """
    accepted = request.accept_mimetypes
    alpha_types, media_types = ([f"image/{kind}" for kind in kinds] for kinds in (ALPHA_KINDS, IMAGE_KINDS))
    transparent = accepted.best_match(alpha_types) if background == "transparent" else None
    return (transparent or accepted.best_match(media_types, media_types[0])).partition("/")[2]
