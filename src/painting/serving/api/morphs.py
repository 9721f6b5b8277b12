"""`POST /v1/morphs`: a morph from one picture to another, as an animated WebP or GIF."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response

from painting.paint.morph import DEFAULT_FRAME_MS, MAX_FRAME_MS, MIN_FRAME_MS, Loop
from painting.paint.validation import MAX_MORPH_STEPS, MIN_MORPH_STEPS
from painting.serving.api import fields
from painting.serving.api.field_types import Flag
from painting.serving.api.responses import (
    PAINT_ERRORS,
    READING_HEADERS,
    file_response,
    file_responses,
    header_descriptions,
    reading_headers,
)
from painting.serving.engine.image_request import ANIMATION_KINDS, DEFAULT_STEPS, AnimationRequest
from painting.serving.state import current_client, state

blueprint = APIBlueprint("morphs", __name__, tag="Morphs", url_prefix="/v1")
RESPONSE_HEADERS = {
    "X-Painting-Model": ("string", "The painter."),
    "X-Painting-Seed": ("integer", "The seed of the first frame."),
    "X-Painting-To-Seed": ("integer", "The seed of the last frame."),
    "X-Painting-Subseed": ("integer", "The first frame's subseed, if it is a variation."),
    "X-Painting-To-Subseed": ("integer", "The last frame's."),
    **READING_HEADERS,
}


class MorphIn(fields.PaintOptionsIn, fields.PromptIn, fields.OwnSchema):
    """Two pictures, by prompt, by seed or both: what is omitted of the second is as in the first."""

    prompt = fields.prompt("The prompt of the first picture; omitted for a painter that takes none.")
    to_prompt = fields.prompt("The prompt of the last picture.")
    seed = fields.seed("Seed of the first picture; random if omitted.")
    to_seed = fields.seed("Seed of the last picture.", "to_seed")
    to_subseed = fields.subseed("to_subseed")
    to_subseed_strength = fields.subseed_strength("to_subseed_strength")
    model = fields.model()
    steps = fields.whole(
        "number of steps", (MIN_MORPH_STEPS, MAX_MORPH_STEPS), DEFAULT_STEPS, "Number of frames, both ends included."
    )
    ms_a_frame = fields.whole(
        "time of a frame", (MIN_FRAME_MS, MAX_FRAME_MS), DEFAULT_FRAME_MS, "Duration of a frame in ms."
    )
    loop = fields.choice(
        "loop",
        tuple(map(str, Loop)),
        Loop.THERE_AND_BACK.value,
        "After the last frame: the way back, the start again, or nothing.",
    )
    format = fields.choice("format", ANIMATION_KINDS, ANIMATION_KINDS[0], "Kind of file.")
    lossless = Flag(
        load_default=False,
        allow_none=True,
        metadata={"description": "Whether a WebP keeps every visible pixel, in more bytes."},
    )


@blueprint.post("/morphs")
@blueprint.input(MorphIn, arg_name="body")
@blueprint.doc(
    responses=file_responses(
        "An animation whose metadata states its origin",
        *(f"image/{kind}" for kind in ANIMATION_KINDS),
        errors=PAINT_ERRORS,
        headers=header_descriptions(RESPONSE_HEADERS),
    )
)
def paint_morph(body: dict[str, Any]) -> Response:
    """Paint a morph from one picture to another."""
    animation_request = AnimationRequest(
        prompt=body["prompt"],
        to_prompt=body["to_prompt"],
        painter=body["model"],
        seed=body["seed"],
        to_seed=body["to_seed"],
        options=fields.options(body),
        to_variation=fields.variation(body, "to_"),
        steps=body["steps"],
        ms_a_frame=body["ms_a_frame"],
        loop=body["loop"],
        lossless=body["lossless"],
        kind=body["format"],
    )
    animation = state().service.answer_morph(animation_request, current_client())
    request = animation.request
    values = (request.painter, *request.seeds, *request.subseeds, *reading_headers(request.truncated, request.notes))
    return file_response(animation.content, f"image/{body['format']}", dict(zip(RESPONSE_HEADERS, values, strict=True)))
