"""The thesis's API: `GET /?input=PROMPT` returns pictures; without `input` a browser gets the page."""

from base64 import b64encode
from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean, Float, Integer, List, String
from flask import Response, request

from painting.errors import InvalidRequest
from painting.serving.api import fields
from painting.serving.api.fields import QueryNumber, QueryWhole
from painting.serving.api.page import wants_page
from painting.serving.api.responses import PAINT_ERRORS, TRUNCATED_DESCRIPTION
from painting.serving.engine.image_request import ImageRequest
from painting.serving.state import authenticated_client, state

DEFAULT_COUNT = 5
ALLOWED_METHODS = "GET, HEAD, OPTIONS"

blueprint = APIBlueprint("thesis", __name__, tag="Thesis")


class PaintQuery(Schema):
    """A prompt and options."""

    input = String(metadata={"description": "The prompt.", "example": "a red rose"})
    count = fields.count("count", DEFAULT_COUNT, QueryWhole)
    seed = fields.seed(kind=QueryWhole)
    truncation = fields.truncation(QueryNumber)
    strength = fields.strength(QueryNumber)
    subseed = fields.subseed(kind=QueryWhole)
    subseed_strength = fields.subseed_strength(kind=QueryNumber)
    model = String(load_default=None, metadata={"description": fields.MODEL_DESCRIPTION})


class PaintAnswer(Schema):
    """Pictures, and the values that reproduce them."""

    images = List(String(), required=True, metadata={"description": "PNG files in base64."})
    seeds = List(Integer(), required=True, metadata={"description": "The seed of each picture."})
    prompt = String(required=True, allow_none=True, metadata={"description": "The cleaned prompt."})
    truncated = Boolean(required=True, metadata={"description": TRUNCATED_DESCRIPTION})
    truncation = Float(required=True)
    strength = Float(required=True)
    subseeds = List(
        Integer(), required=True, metadata={"description": "The subseed of each picture of a variation; else empty."}
    )
    subseed_strength = Float(required=True)
    painter = String(required=True, metadata={"description": "The painter's name."})


@blueprint.before_request
def answer_with_page() -> Response | None:
    """Serve the page to a browser without `input`; the page reads the link's other parameters, right or wrong."""
    if request.method in ("GET", "HEAD") and "input" not in request.args and wants_page(request):
        return state().static_files.response("index.html", request)
    return None


@blueprint.get("/", provide_automatic_options=False)
@blueprint.input(PaintQuery, location="query", arg_name="query")
@blueprint.output(PaintAnswer)
@blueprint.doc(responses={**PAINT_ERRORS, 414: "The address is too long"})
def paint_query(query: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Paint pictures of a prompt."""
    client = authenticated_client()
    service = state().service
    if "input" not in query and service.catalog.painter(query["model"]).conditional:
        raise InvalidRequest("there is no prompt: add ?input=PROMPT to the address")
    image_request = ImageRequest(
        query.get("input"), query["model"], query["count"], query["seed"], fields.options(query)
    )
    images = service.answer(image_request, client)
    painted = images[0].request
    answer = {
        "images": [b64encode(image.content).decode("ascii") for image in images],
        "seeds": [image.seed for image in images],
        "prompt": painted.prompt,
        "truncated": painted.truncated,
        "truncation": painted.options.truncation,
        "strength": painted.options.strength,
        "subseeds": [image.subseed for image in images if image.subseed is not None],
        "subseed_strength": painted.options.subseed_strength,
        "painter": painted.painter,
    }
    return answer, {"Cache-Control": "no-store"}


@blueprint.route("/", methods=["OPTIONS"])
@blueprint.doc(hide=True)
def allowed_methods() -> Response:
    """List the allowed methods, for a preflight request."""
    return Response(status=204, headers={"Allow": ALLOWED_METHODS})


@blueprint.after_request
def allow_origin(response: Response) -> Response:
    """Send the CORS headers that let pages of another origin read the answer, as the thesis's own page is one."""
    origin = state().settings.cors_origin
    if origin:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Methods"] = ALLOWED_METHODS
        response.headers["Access-Control-Expose-Headers"] = "Retry-After, X-Request-ID"
    response.vary.add("Accept")
    return response
