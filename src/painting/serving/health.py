"""Whether the server lives (`/livez`) and whether it can paint now (`/readyz`)."""

from apiflask import APIBlueprint
from flask import Response, jsonify

from painting.serving.errors import error_answer
from painting.serving.state import state

blueprint = APIBlueprint("health", __name__, tag="Health")


@blueprint.get("/livez")
def livez() -> Response:
    """Answer as long as the process answers at all."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
@blueprint.doc(responses={503: "It cannot paint now"})
def readyz() -> Response:
    """Answer 200 when the painter is loaded, warmed up and its last painting went well."""
    queue = state().paint_queue
    if not queue.healthy:
        return error_answer(503, "the painter cannot paint now")
    return jsonify(status="ready", painter=queue.painter.name)
