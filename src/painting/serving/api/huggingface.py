"""Hugging Face's text-to-image task: `POST /models/NAME` answers one picture, as its `InferenceClient` asks."""

from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Nested
from flask import Response, request
from marshmallow import EXCLUDE

from painting.latents import SEEDS
from painting.serving.api import fields
from painting.serving.api.fields import Text
from painting.serving.engine.encoding import KINDS, PictureFormat, scaled
from painting.serving.logs import record_prompts
from painting.serving.state import authenticated_client, state

blueprint = APIBlueprint("huggingface", __name__, tag="Hugging Face", url_prefix="/models")
MEDIA_TYPES = [f"image/{kind}" for kind in KINDS]
TOLD = {
    "X-Painting-Model": {"schema": {"type": "string"}, "description": "The painter."},
    "X-Painting-Seed": {"schema": {"type": "integer"}, "description": "The seed that paints it again."},
    "X-Painting-Subseed": {"schema": {"type": "integer"}, "description": "And the subseed, if it has one."},
}


class ParametersIn(Schema):
    """How to paint. Others of the task's (steps, guidance, negative prompt …) are accepted and change nothing."""

    class Meta:
        """Others may send what they like."""

        unknown = EXCLUDE

    seed = fields.whole("seed", 0, SEEDS - 1, None, "Random if left out, and always told.")
    truncation = fields.truncation()
    strength = fields.strength()
    subseed = fields.subseed()
    subseed_strength = fields.subseed_strength()
    width = fields.side("width", fields.WIDTH_MEANING)
    height = fields.side("height", fields.HEIGHT_MEANING)


class TaskIn(Schema):
    """A prompt, and how to paint it."""

    class Meta:
        """Others may send what they like."""

        unknown = EXCLUDE

    inputs = Text(load_default=None, allow_none=True, metadata={"description": "The prompt."})
    parameters = Nested(
        ParametersIn, load_default=None, allow_none=True, error_messages={"type": "the parameters must be an object"}
    )


@blueprint.post("/<name>")
@blueprint.input(TaskIn, arg_name="asked")
@blueprint.doc(responses=fields.file_answers("The picture", *MEDIA_TYPES, others=fields.PAINTS, headers=TOLD))
def text_to_image(name: str, asked: dict[str, Any]) -> Response:
    """Paint one picture of a prompt, as the kind of file that is accepted."""
    who, service = authenticated_client(), state().service
    painter, how = service.painter(name), asked["parameters"] or ParametersIn().load({})
    painted = painter.request(asked["inputs"], 1, how["seed"], fields.options(how))
    record_prompts(prompt=painted.prompt)
    size = scaled(how, state().settings.max_side)
    kind = request.accept_mimetypes.best_match(MEDIA_TYPES, MEDIA_TYPES[0]).partition("/")[2]
    order = service.order(painted, PictureFormat(kind, size=size))
    response = Response(service.paint(order, who)[0], content_type=order.format.media_type)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Painting-Model"] = painter.name.encode("ascii", "replace").decode()
    response.headers["X-Painting-Seed"] = str(painted.seeds[0])
    if painted.subseeds:
        response.headers["X-Painting-Subseed"] = str(painted.subseeds[0])
    return response
