"""The thesis's API: `GET /?input=PROMPT` answers pictures; a browser that asks for none gets the page."""

from base64 import b64encode
from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean, Float, Integer, List, String
from flask import Response, request

from painting.errors import InvalidRequest
from painting.paint_request import PaintRequest
from painting.serving.api import fields
from painting.serving.api.fields import WrittenNumber, WrittenWhole
from painting.serving.api.page import wants_page
from painting.serving.logs import record_prompts
from painting.serving.state import authenticated_client, state

DEFAULT_COUNT = 5
METHODS = "GET, HEAD, OPTIONS"

blueprint = APIBlueprint("thesis", __name__, tag="Thesis")


class PaintQuery(Schema):
    """What to paint."""

    input = String(metadata={"description": "The prompt.", "example": "a red rose"})
    count = fields.count("count", DEFAULT_COUNT, WrittenWhole)
    seed = fields.seed(kind=WrittenWhole)
    truncation = fields.truncation(WrittenNumber)
    strength = fields.strength(WrittenNumber)
    subseed = fields.subseed(kind=WrittenWhole)
    subseed_strength = fields.subseed_strength(kind=WrittenNumber)
    model = String(load_default=None, metadata={"description": fields.MODEL_MEANING})


class PaintAnswer(Schema):
    """Pictures, and what would paint them again."""

    images = List(String(), required=True, metadata={"description": "PNG files in base64."})
    seeds = List(Integer(), required=True, metadata={"description": "The seed of each picture."})
    prompt = String(required=True, allow_none=True, metadata={"description": "The prompt as it was read."})
    truncated = Boolean(required=True, metadata={"description": "Whether the prompt's end was not read."})
    truncation = Float(required=True)
    strength = Float(required=True)
    subseeds = List(
        Integer(), required=True, metadata={"description": "The subseed of each picture near another one; else empty."}
    )
    subseed_strength = Float(required=True)
    painter = String(required=True, metadata={"description": "The name of the painter."})


@blueprint.before_request
def answer_with_page() -> Response | None:
    """Answer a browser that opens a link with the page, which reads what stands in the link itself, right or wrong."""
    if request.method in ("GET", "HEAD") and "input" not in request.args and wants_page(request):
        return state().static_files.response("index.html", request)
    return None


@blueprint.get("/", provide_automatic_options=False)
@blueprint.input(PaintQuery, location="query", arg_name="query")
@blueprint.output(PaintAnswer)
@blueprint.doc(responses={**fields.PAINTS, 414: "The address is too long"})
def paint(query: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Paint pictures of a prompt."""
    service = state().service
    who, painter = authenticated_client(), service.painter(query["model"])
    if "input" not in query and painter.conditional:
        raise InvalidRequest("there is no prompt: add ?input=PROMPT to the address")
    asked = painter.request(query.get("input"), query["count"], query["seed"], fields.options(query))
    record_prompts(prompt=asked.prompt)
    files = service.paint(service.order(asked), who)
    return _as_json(asked, files), {"Cache-Control": "no-store"}


@blueprint.route("/", methods=["OPTIONS"])
@blueprint.doc(hide=True)
def options() -> Response:
    """Tell other origins which methods there are."""
    return Response(status=204, headers={"Allow": METHODS})


@blueprint.after_request
def allow_origin(response: Response) -> Response:
    """Let pages of another origin read the answer, as the thesis's own page is one."""
    origin = state().settings.cors_origin
    if origin:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Methods"] = METHODS
        response.headers["Access-Control-Expose-Headers"] = "Retry-After, X-Request-ID"
    response.vary.add("Accept")
    return response


def _as_json(asked: PaintRequest, files: list[bytes]) -> dict[str, Any]:
    return {
        "images": [b64encode(file).decode("ascii") for file in files],
        "seeds": asked.seeds,
        "prompt": asked.prompt,
        "truncated": asked.truncated,
        "truncation": asked.options.truncation,
        "strength": asked.options.strength,
        "subseeds": asked.subseeds,
        "subseed_strength": asked.options.subseed_strength,
        "painter": asked.painter,
    }
