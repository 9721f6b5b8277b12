"""Hugging Face's text-to-image task: `POST /models/NAME` returns one picture, for its `InferenceClient`."""

from typing import Any

from apiflask import APIBlueprint
from apiflask.fields import Nested
from flask import Response, request

from painting.serving.api import fields
from painting.serving.api.responses import (
    PAINT_ERRORS,
    TRUNCATION_HEADER,
    file_response,
    file_responses,
    header_descriptions,
    truncation_header,
)
from painting.serving.engine.encoding import IMAGE_KINDS, PictureFormat
from painting.serving.engine.image_request import ImageRequest
from painting.serving.state import authenticated_client, state

blueprint = APIBlueprint("huggingface", __name__, tag="Hugging Face", url_prefix="/models")
MEDIA_TYPES = [f"image/{kind}" for kind in IMAGE_KINDS]
RESPONSE_HEADERS = {
    "X-Painting-Model": ("string", "The painter."),
    "X-Painting-Seed": ("integer", "The seed that reproduces the picture."),
    "X-Painting-Subseed": ("integer", "The subseed of a variation."),
    **TRUNCATION_HEADER,
}


class ParametersIn(fields.TolerantSchema):
    """Options. The task's other parameters (steps, guidance, negative prompt …) are accepted and ignored."""

    error_messages = {"type": "the parameters must be an object"}  # noqa: RUF012 (marshmallow's own way)

    seed = fields.seed("Random if omitted; the answer states it.")
    truncation = fields.truncation()
    strength = fields.strength()
    subseed = fields.subseed()
    subseed_strength = fields.subseed_strength()
    width = fields.side("width", fields.WIDTH_DESCRIPTION)
    height = fields.side("height", fields.HEIGHT_DESCRIPTION)


class TaskIn(fields.TolerantSchema):
    """A prompt and options."""

    inputs = fields.text("The prompt.")
    parameters = Nested(ParametersIn, load_default=None, allow_none=True)


@blueprint.post("/<name>")
@blueprint.input(TaskIn, arg_name="body")
@blueprint.doc(
    responses=file_responses(
        "The picture", *MEDIA_TYPES, errors=PAINT_ERRORS, headers=header_descriptions(RESPONSE_HEADERS)
    )
)
def text_to_image(name: str, body: dict[str, Any]) -> Response:
    """Paint one picture of a prompt, as the kind of file in the Accept header."""
    client = authenticated_client()
    parameters = body["parameters"] or ParametersIn().load({})
    kind = request.accept_mimetypes.best_match(MEDIA_TYPES, MEDIA_TYPES[0]).partition("/")[2]
    format = PictureFormat(kind, size=fields.size(parameters))
    image_request = ImageRequest(body["inputs"], name, 1, parameters["seed"], fields.options(parameters), format)
    (image,) = state().service.answer(image_request, client)
    values = (image.request.painter, image.seed, image.subseed, truncation_header(image.request.truncated))
    return file_response(image.content, format.media_type, dict(zip(RESPONSE_HEADERS, values, strict=True)))
