"""The thesis's API: `GET /?input=PROMPT` returns pictures; without `input` a browser gets the page."""

from base64 import b64encode
from typing import Any

from apiflask import APIBlueprint
from apiflask.fields import Float, Integer, List, String
from flask import Response, request

from painting.errors import InvalidRequest
from painting.serving.api import fields
from painting.serving.api.page import wants_page
from painting.serving.api.readings import ReadingOut, reading_of
from painting.serving.api.responses import PAINT_ERRORS
from painting.serving.engine.image_request import ImageRequest
from painting.serving.state import current_client, state

DEFAULT_COUNT = 5
PAINT_ENDPOINT = "thesis.paint_query"

blueprint = APIBlueprint("thesis", __name__, tag="Thesis")


class PaintQuery(fields.PaintOptionsIn, fields.OwnQuerySchema):
    """A prompt and options."""

    input = String(metadata={"description": "The prompt.", "example": "a red rose"})
    count = fields.count("count", DEFAULT_COUNT)
    model = fields.model()


class PaintAnswer(ReadingOut):
    """Pictures, and the values that reproduce them."""

    images = List(String(), required=True, metadata={"description": "PNG files in base64."})
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
        return state().static_files.response("index.html", request)
    return None


@blueprint.get("/")
@blueprint.input(PaintQuery, location="query", arg_name="query")
@blueprint.output(PaintAnswer)
@blueprint.doc(responses={**PAINT_ERRORS, 414: "The address is too long"})
def paint_query(query: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Paint pictures of a prompt."""
    service = state().service
    if "input" not in query and service.catalog.painter(query["model"]).conditional:
        raise InvalidRequest("there is no prompt: add ?input=PROMPT to the address")
    image_request = ImageRequest(
        query.get("input"), query["model"], query["count"], query["seed"], fields.options(query)
    )
    images = service.answer(image_request, current_client())
    painted = images[0].request
    answer = {
        "images": [b64encode(image.content).decode("ascii") for image in images],
        "seeds": [image.seed for image in images],
        "prompt": painted.prompt,
        **reading_of(painted),
        "truncation": painted.options.truncation,
        "strength": painted.options.strength,
        "subseeds": [image.subseed for image in images if image.subseed is not None],
        "subseed_strength": painted.options.subseed_strength,
        "painter": painted.painter,
    }
    return answer, {"Cache-Control": "no-store"}


@blueprint.after_request
def vary_by_accept(response: Response) -> Response:
    """Say to caches that a browser and a program get different answers here."""
    response.vary.add("Accept")
    return response
