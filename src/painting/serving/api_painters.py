"""The painters that this server has: `GET /v1/painters`."""

from typing import TYPE_CHECKING, Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean, Dict, Integer, List, Nested, String

from painting.serving.state import state

if TYPE_CHECKING:
    from painting.painter import Painter

blueprint = APIBlueprint("painters", __name__, tag="Painters", url_prefix="/v1")


class PainterOut(Schema):
    """One painter, told to somebody who chooses what to type."""

    name = String()
    picture_size = Integer(metadata={"description": "Side of its pictures in px."})
    takes_prompt = Boolean(metadata={"description": "Whether it paints from words."})
    example_prompts = List(String())
    card = Dict(metadata={"description": "What it was trained on, and how well it does."})


class PaintersOut(Schema):
    """All painters of this server, the default one first."""

    painters = List(Nested(PainterOut))


@blueprint.get("/painters")
@blueprint.output(PaintersOut)
def painters() -> dict[str, Any]:
    """List the painters."""
    return {"painters": [describe(state().paint_queue.painter)]}


def describe(painter: "Painter") -> dict[str, Any]:
    """Tell of a painter what its file says."""
    return {
        "name": painter.name,
        "picture_size": painter.size,
        "takes_prompt": painter.conditional,
        "example_prompts": list(painter.manifest.example_prompts),
        "card": painter.manifest.card,
    }
