"""Whether the server lives (`/livez`), whether it can paint now (`/readyz`), and what it counts (`/metrics`)."""

from apiflask import APIBlueprint, Schema
from apiflask.fields import List, String
from flask import Response
from prometheus_client import CONTENT_TYPE_LATEST

from painting.serving.api import fields
from painting.serving.errors import ServerBusy
from painting.serving.state import state

blueprint = APIBlueprint("health", __name__, tag="Health")
SOON = 1  # seconds after which something may have changed


class AliveOut(Schema):
    """It answers."""

    status = String(required=True)


class ReadyOut(Schema):
    """It can paint."""

    status = String(required=True)
    painter = String(required=True, metadata={"description": "The default painter."})
    painters = List(String(), required=True)


@blueprint.get("/livez")
@blueprint.output(AliveOut)
@blueprint.doc(responses={500: "A fault of the server"})
def livez() -> dict[str, str]:
    """Answer as long as the process answers at all."""
    return {"status": "alive"}


@blueprint.get("/readyz")
@blueprint.output(ReadyOut)
@blueprint.doc(responses={500: "A fault of the server", 503: "It cannot paint now, or is about to leave"})
def readyz() -> dict[str, object]:
    """Answer 200 when every painter is loaded and warmed up, its last painting went well, and the server stays."""
    service = state().service
    if state().is_draining():
        raise ServerBusy(SOON, "about to leave")
    if not service.healthy:
        raise ServerBusy(SOON, "not able to paint now")
    names = [painter.name for painter in service.painters]
    return {"status": "ready", "painter": names[0], "painters": names}


@blueprint.get("/metrics")
@blueprint.doc(responses=fields.file_answers("Figures for Prometheus", "text/plain", others={500: fields.PAINTS[500]}))
def metrics() -> Response:
    """Tell what the server counts, in Prometheus's text format."""
    return Response(state().service.metrics.exposition(), content_type=CONTENT_TYPE_LATEST)
