"""Static files of the page; the page itself is at `/`, which it shares with the thesis's API."""

from apiflask import APIBlueprint
from flask import Request, Response, request

from painting.serving.state import state

blueprint = APIBlueprint("page", __name__, enable_openapi=False)


def wants_page(request: Request) -> bool:
    """Whether a request is a browser's navigation, which prefers HTML to JSON, or a monitor's HEAD."""
    preferred = request.accept_mimetypes.best_match(["application/json", "text/html"])
    return request.method == "HEAD" or preferred == "text/html"


@blueprint.get("/assets/<name>")
def asset(name: str) -> Response:
    """Serve a script, style or picture of the page."""
    return state().static_files.response(f"assets/{name}", request)


@blueprint.get("/favicon.svg")
def favicon() -> Response:
    """Serve the page's icon."""
    return state().static_files.response("favicon.svg", request)
