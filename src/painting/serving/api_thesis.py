"""The thesis's API: `GET /?input=PROMPT` answers pictures; a browser that asks for none gets the page."""

from base64 import b64encode
from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean, Integer, List, String
from flask import Response, request

from painting.errors import InvalidRequest
from painting.paintings import Paintings
from painting.serving.page import wants_page
from painting.serving.state import state

DEFAULT_COUNT = 5
METHODS = "GET, HEAD, OPTIONS"

blueprint = APIBlueprint("thesis", __name__, tag="Thesis")


class PaintQuery(Schema):
    """What to paint."""

    input = String(metadata={"description": "The prompt.", "example": "a red rose"})
    count = Integer(
        load_default=DEFAULT_COUNT,
        error_messages={"invalid": "the count must be a whole number from 1 to 64"},
        metadata={"description": "How many pictures.", "minimum": 1, "maximum": 64},
    )
    seed = Integer(
        load_default=None,
        error_messages={"invalid": "the seed must be a whole number from 0 to 4294967295"},
        metadata={
            "description": "Seed of the first picture; the next pictures have the next seeds. Random if left out.",
            "minimum": 0,
            "maximum": 2**32 - 1,
        },
    )


class PaintAnswer(Schema):
    """Pictures, and what would paint them again."""

    images = List(String(), metadata={"description": "PNG files in base64."})
    seeds = List(Integer(), metadata={"description": "The seed of each picture."})
    prompt = String(allow_none=True, metadata={"description": "The prompt as it was read."})
    truncated = Boolean(metadata={"description": "Whether the prompt is longer than the painter reads."})
    painter = String(metadata={"description": "The name of the painter."})


@blueprint.get("/", provide_automatic_options=False)
@blueprint.input(PaintQuery, location="query", arg_name="query")
@blueprint.output(PaintAnswer)
@blueprint.doc(responses={400: "Nothing that can be painted", 503: "Too many requests wait"})
def paint(query: dict[str, Any]) -> Response | tuple[dict[str, Any], dict[str, str]]:
    """Paint pictures of a prompt."""
    shared = state()
    if "input" not in query:
        if wants_page(request):
            return shared.page.answer("index.html", request)
        if shared.paint_queue.painter.conditional:
            raise InvalidRequest("there is no prompt: add ?input=PROMPT to the address")
    paintings = shared.paint_queue.paint(query.get("input"), count=query["count"], seed=query["seed"])
    return _as_json(paintings), {"Cache-Control": "no-store"}


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
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
    response.vary.add("Accept")
    return response


def _as_json(paintings: Paintings) -> dict[str, Any]:
    return {
        "images": [b64encode(paintings.png(index)).decode("ascii") for index in range(len(paintings))],
        "seeds": paintings.seeds,
        "prompt": paintings.prompt,
        "truncated": paintings.truncated,
        "painter": paintings.painter,
    }
