"""The served painters: `GET /v1/painters`."""

from typing import Any
from urllib.parse import quote

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean, Dict, Integer, List, Nested, String
from flask import Response, request

from painting.paint.description import FIGURES_KEY, describe
from painting.paint.painter import Painter
from painting.serving.api.responses import READ_ERRORS, READ_ONE_ERRORS, file_responses
from painting.serving.state import state

blueprint = APIBlueprint("painters", __name__, tag="Painters", url_prefix="/v1")


class PainterOut(Schema):
    """A painter, with what a user needs to write a prompt for it."""

    name = String(required=True)
    picture_size = Integer(required=True, metadata={"description": "Side of its pictures in px."})
    takes_prompt = Boolean(required=True, metadata={"description": "Whether it paints from a prompt."})
    takes_strength = Boolean(required=True, metadata={"description": "Whether it supports `strength`."})
    has_alpha = Boolean(required=True, metadata={"description": "Whether its pictures have transparency."})
    example_prompts = List(String(), required=True)
    card = Dict(required=True, metadata={"description": f"Its training data; of one painter also its `{FIGURES_KEY}`."})
    samples = String(required=True, metadata={"description": "Address of a grid of samples, not selected: a WebP."})


class OnePainterOut(PainterOut):
    """One painter by its name, with the figures of its evaluation."""


class PaintersOut(Schema):
    """All painters, the default one first."""

    painters = List(Nested(PainterOut), required=True)


@blueprint.get("/painters/<name:name>")
@blueprint.output(OnePainterOut)
@blueprint.doc(responses=READ_ONE_ERRORS)
def get_painter(name: str) -> dict[str, Any]:
    """Describe one painter."""
    painter = state().service.catalog.painter(name)
    return {**_describe(painter), "card": painter.manifest.card}


@blueprint.get("/painters")
@blueprint.output(PaintersOut)
@blueprint.doc(responses=READ_ERRORS)
def list_painters() -> dict[str, Any]:
    """List the painters."""
    return {"painters": [_describe(painter) for painter in state().service.catalog.painters]}


@blueprint.get("/painters/<name:name>/samples.webp")
@blueprint.doc(responses=file_responses("A grid of pictures", "image/webp", errors=READ_ONE_ERRORS))
def samples(name: str) -> Response:
    """Return pictures that a painter painted from fixed seeds, not selected."""
    response = Response(state().service.catalog.painter(name).samples_webp, content_type="image/webp")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _describe(painter: Painter) -> dict[str, Any]:
    return {**describe(painter), "samples": f"/v1/painters/{quote(painter.name, safe='')}/samples.webp"}
