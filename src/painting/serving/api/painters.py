"""The painters that this server has: `GET /v1/painters`."""

from typing import Any
from urllib.parse import quote

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean, Dict, Integer, List, Nested, String
from flask import Response

from painting.painter import Painter
from painting.serving.api import fields
from painting.serving.state import authenticated_client, state

blueprint = APIBlueprint("painters", __name__, tag="Painters", url_prefix="/v1")


class PainterOut(Schema):
    """One painter, told to somebody who chooses what to type."""

    name = String(required=True)
    picture_size = Integer(required=True, metadata={"description": "Side of its pictures in px."})
    takes_prompt = Boolean(required=True, metadata={"description": "Whether it paints from words."})
    takes_strength = Boolean(required=True, metadata={"description": "Whether it can be told how closely."})
    example_prompts = List(String(), required=True)
    card = Dict(required=True, metadata={"description": "What it was trained on, and how well it does."})
    samples = String(required=True, metadata={"description": "Where its sample pictures are, nobody's choice: a PNG."})


class OnePainterOut(PainterOut):
    """The painter that was asked for."""


class PaintersOut(Schema):
    """All painters of this server, the default one first."""

    painters = List(Nested(PainterOut), required=True)


@blueprint.get("/painters/<name>")
@blueprint.output(OnePainterOut)
@blueprint.doc(responses={**fields.TELLS, 404: fields.PAINTS[404]})
def painter(name: str) -> dict[str, Any]:
    """Tell of one painter."""
    authenticated_client()
    return describe(state().service.painter(name))


@blueprint.get("/painters")
@blueprint.output(PaintersOut)
@blueprint.doc(responses=fields.TELLS)
def painters() -> dict[str, Any]:
    """List the painters."""
    authenticated_client()
    return {"painters": [describe(painter) for painter in state().service.painters]}


@blueprint.get("/painters/<name>/samples.png")
@blueprint.doc(
    responses=fields.file_answers("A grid of pictures", "image/png", others={**fields.TELLS, 404: fields.PAINTS[404]})
)
def samples(name: str) -> Response:
    """Answer pictures that a painter painted with fixed seeds, none chosen."""
    authenticated_client()
    response = Response(state().service.painter(name).samples_png, content_type="image/png")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response


def describe(painter: Painter) -> dict[str, Any]:
    """Tell of a painter what its file says."""
    return {
        "name": painter.name,
        "picture_size": painter.size,
        "takes_prompt": painter.conditional,
        "takes_strength": painter.manifest.strength,
        "example_prompts": list(painter.manifest.example_prompts),
        "card": painter.manifest.card,
        "samples": f"/v1/painters/{quote(painter.name, safe='')}/samples.png",
    }
