"""Health checks and metrics: `/livez`, `/readyz`, `/metrics`, and `/internal/ping`."""

from apiflask import APIBlueprint, Schema
from apiflask.fields import List, String
from flask import Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST

from painting.serving.api.responses import PAINT_ERRORS, file_responses
from painting.serving.errors import ServerBusy
from painting.serving.state import state

blueprint = APIBlueprint("health", __name__, tag="Health")
RETRY_SECONDS = 1  # after which a server that is not ready may be


class AliveOut(Schema):
    """The process answers."""

    status = String(required=True)


class ReadyOut(Schema):
    """The server can paint."""

    status = String(required=True)
    painter = String(required=True, metadata={"description": "The default painter."})
    painters = List(String(), required=True)


@blueprint.get("/internal/ping")
@blueprint.doc(responses={200: "Alive", 500: PAINT_ERRORS[500]})
def ping() -> Response:
    """Liveness, as AUTOMATIC1111's clients call it."""
    return jsonify({})


@blueprint.get("/livez")
@blueprint.output(AliveOut)
@blueprint.doc(responses={500: PAINT_ERRORS[500]})
def livez() -> dict[str, str]:
    """Liveness: 200 as long as the process answers."""
    return {"status": "alive"}


@blueprint.get("/readyz")
@blueprint.output(ReadyOut)
@blueprint.doc(responses={500: PAINT_ERRORS[500], 503: "Not ready: a painter failed, or the server is shutting down"})
def readyz() -> dict[str, object]:
    """Readiness: 200 if every painter is warmed up, its last batch succeeded, and the server is not shutting down."""
    service = state().service
    if state().is_draining():
        raise ServerBusy(RETRY_SECONDS, "shutting down")
    if not service.renderer.healthy:
        raise ServerBusy(RETRY_SECONDS, "not able to paint now")
    names = [painter.name for painter in service.catalog.painters]
    return {"status": "ready", "painter": names[0], "painters": names}


@blueprint.get("/metrics")
@blueprint.doc(responses=file_responses("Metrics", "text/plain", errors={500: PAINT_ERRORS[500]}))
def metrics() -> Response:
    """Metrics in Prometheus's text format."""
    return Response(state().service.metrics.exposition(), content_type=CONTENT_TYPE_LATEST)
