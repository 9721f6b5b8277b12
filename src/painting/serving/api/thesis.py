"""The thesis's API: `GET /?input=PROMPT` returns pictures; without `input` a browser gets the page."""

import json
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from apiflask import APIBlueprint
from apiflask.fields import Float, Integer, List, String
from flask import Response, request

from painting.errors import InvalidRequest
from painting.serving.api import fields
from painting.serving.api.page import page_response, wants_page
from painting.serving.api.readings import ReadingOut, reading_of
from painting.serving.api.responses import PAINT_ERRORS
from painting.serving.compression import JSON_LINES_TYPE
from painting.serving.engine.encoding import PictureFormat
from painting.serving.engine.image_request import DEFAULT_FORMAT, ImageFile, ImageRequest
from painting.serving.state import current_client, state

DEFAULT_COUNT = 5
PAINT_ENDPOINT = "thesis.paint_query"
NOT_CACHED = {"Cache-Control": "no-store"}
PAINT_RESPONSES: Any = {
    200: {
        "description": (
            "All pictures in one object; or, by `Accept: application/x-ndjson`, JSON lines: the same object without "
            '`images`, then {"image": "…"} for each picture, so that the first can be shown before the last arrives'
        ),
        "content": {JSON_LINES_TYPE: {"schema": {"type": "string"}}},
    },
    **PAINT_ERRORS,
    414: "The address is too long",
}

blueprint = APIBlueprint("thesis", __name__, tag="Thesis")


class PaintQuery(fields.PaintOptionsIn, fields.OwnQuerySchema):
    """A prompt and options."""

    input = String(metadata={"description": "The prompt.", "example": "a red rose"})
    count = fields.count("count", DEFAULT_COUNT)
    format = fields.picture_kind("format", f"Kind of file; {DEFAULT_FORMAT.kind} if omitted.")
    model = fields.model()


class PaintAnswer(ReadingOut):
    """Pictures, and the values that reproduce them."""

    images = List(String(), required=True, metadata={"description": "Files in base64."})
    seeds = List(Integer(), required=True, metadata={"description": "The seed of each picture."})
    prompt = String(required=True, allow_none=True, metadata={"description": "The cleaned prompt."})
    truncation = Float(required=True)
    strength = Float(required=True)
    subseeds = List(
        Integer(), required=True, metadata={"description": "The subseed of each picture of a variation; else empty."}
    )
    subseed_strength = Float(required=True)
    painter = String(required=True, metadata={"description": "The painter's name."})


@blueprint.before_app_request
def answer_with_page() -> Response | None:
    """Serve the page to a browser without `input`; it needs no key, and reads the link's other parameters."""
    if request.endpoint == PAINT_ENDPOINT and "input" not in request.args and wants_page(request):
        return page_response(request)
    return None


@blueprint.get("/")
@blueprint.input(PaintQuery, location="query", arg_name="query")
@blueprint.output(PaintAnswer)
@blueprint.doc(responses=PAINT_RESPONSES)
def paint_query(query: dict[str, Any]) -> Response | tuple[dict[str, Any], dict[str, str]]:
    """Paint pictures of a prompt."""
    service = state().service
    if "input" not in query and service.catalog.painter(query["model"]).conditional:
        raise InvalidRequest("there is no prompt: add ?input=PROMPT to the address")
    format = PictureFormat(query["format"] or DEFAULT_FORMAT.kind)
    image_request = ImageRequest(
        query.get("input"), query["model"], query["count"], query["seed"], fields.options(query), format
    )
    images = service.answer(image_request, current_client())
    head = _described(images)
    encoded = [b64encode(image.content).decode("ascii") for image in images]
    if request.accept_mimetypes.best_match(["application/json", JSON_LINES_TYPE]) == JSON_LINES_TYPE:
        lines = [head, *({"image": image} for image in encoded)]
        content = "".join(f"{json.dumps(line)}\n" for line in lines)
        return Response(content, content_type=JSON_LINES_TYPE, headers=NOT_CACHED)
    return {"images": encoded, **head}, NOT_CACHED


def _described(images: Sequence[ImageFile]) -> dict[str, Any]:
    """What an answer says beside the pictures."""
    painted = images[0].request
    return {
        "seeds": [image.seed for image in images],
        "prompt": painted.prompt,
        **reading_of(painted),
        "truncation": painted.options.truncation,
        "strength": painted.options.strength,
        "subseeds": [image.subseed for image in images if image.subseed is not None],
        "subseed_strength": painted.options.subseed_strength,
        "painter": painted.painter,
    }


@blueprint.after_request
def vary_by_accept(response: Response) -> Response:
    """Say to caches that a browser and a program get different answers here."""
    response.vary.add("Accept")
    return response
