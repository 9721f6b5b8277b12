"""Hugging Face's text-to-image task: `POST /models/NAME` returns one picture, for its `InferenceClient`."""

from typing import Any

from apiflask import APIBlueprint
from apiflask.fields import Nested
from flask import Response, request

from painting.serving.api import fields
from painting.serving.api.readings import negative_prompt, notes_on
from painting.serving.api.responses import (
    PAINT_ERRORS,
    PICTURE_HEADERS,
    accepted_kind,
    file_responses,
    header_descriptions,
    picture_response,
)
from painting.serving.engine.encoding import IMAGE_KINDS, PictureFormat
from painting.serving.engine.image_request import ImageRequest
from painting.serving.state import current_client, state

blueprint = APIBlueprint("huggingface", __name__, tag="Hugging Face", url_prefix="/models")


class ParametersIn(fields.PaintOptionsIn, fields.TolerantSchema):
    """Options. The task's other parameters (steps, guidance …) are accepted and ignored."""

    error_messages = {"type": "the parameters must be an object"}  # noqa: RUF012 (marshmallow's own way)

    seed = fields.seed("Taken mod 2^32; random if omitted or -1; the answer states it.")
    width = fields.side("width")
    height = fields.side("height")
    fit = fields.fit()
    background = fields.background()
    negative_prompt = negative_prompt()


class TaskIn(fields.TolerantSchema):
    """A prompt and options."""

    inputs = fields.prompt()
    parameters = Nested(ParametersIn, load_default=None, allow_none=True)


@blueprint.post("/<name:name>")
@blueprint.input(TaskIn, arg_name="body")
@blueprint.doc(
    responses=file_responses(
        "The picture",
        *(f"image/{kind}" for kind in IMAGE_KINDS),
        errors=PAINT_ERRORS,
        headers=header_descriptions(PICTURE_HEADERS),
    )
)
def text_to_image(name: str, body: dict[str, Any]) -> Response:
    """Paint one picture of a prompt, as the kind of file in the Accept header."""
    parameters = body["parameters"] or ParametersIn().load({})
    kind = accepted_kind(request, parameters["background"])
    size = fields.size(parameters)
    format = PictureFormat(kind, size=size, fit=parameters["fit"], background=parameters["background"])
    image_request = ImageRequest(body["inputs"], name, 1, parameters["seed"], fields.options(parameters), format)
    (image,) = state().service.answer(image_request, current_client())
    return picture_response(image, *notes_on(parameters["negative_prompt"]))
