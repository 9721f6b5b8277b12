"""The routes of the page's files; the page itself is at `/`, beside the thesis's API."""

from apiflask import APIBlueprint
from flask import Request, Response, request

from painting.serving.state import state

blueprint = APIBlueprint("page", __name__, enable_openapi=False)


def wants_page(request: Request) -> bool:
    """Tell a browser's address bar from a program: the former asks for HTML before anything else."""
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"


@blueprint.get("/assets/<name>")
def asset(name: str) -> Response:
    """Answer a script, style or picture of the page."""
    return state().static_files.response(f"assets/{name}", request)


@blueprint.get("/favicon.svg")
def favicon() -> Response:
    """Answer the page's icon."""
    return state().static_files.response("favicon.svg", request)
