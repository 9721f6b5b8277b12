"""Static files of the page; the page itself is at `/`, which it shares with the thesis's API."""

from apiflask import APIBlueprint
from flask import Request, Response, request

from painting.serving.api.link_preview import is_picture_link, preview_tags
from painting.serving.state import state
from painting.serving.static_files import StaticFile

blueprint = APIBlueprint("page", __name__, enable_openapi=False)


def wants_page(request: Request) -> bool:
    """Whether a request is a browser's navigation, which prefers HTML to JSON, or a monitor's HEAD.

    Of a picture's link it is also one without a preference, as the crawlers that make previews send.
    """
    media_types = ["application/json", "text/html"]
    if is_picture_link(request.args):
        media_types.reverse()
    preferred = request.accept_mimetypes.best_match(media_types)
    return request.method == "HEAD" or preferred == "text/html"


def page_response(request: Request) -> Response:
    """Serve the page, of a picture's link with the tags of its preview; aborts with 404 where it is not built."""
    page = state().static_files.find("index.html")
    tags = preview_tags(request.args)
    if tags:  # before those of a static site, as the first count
        page = StaticFile.of("index.html", page.content.replace(b"</title>", f"</title>\n{tags}".encode(), 1))
    return page.response(request)


@blueprint.before_app_request
def answer_with_site_file() -> Response | None:
    """Serve a file of the static site, where the page paints in the browser; routes go first."""
    name = request.path.removeprefix("/")
    is_read = request.method in ("GET", "HEAD") and request.endpoint is None
    if state().settings.paints_in_browser and is_read and name in state().static_files:
        return state().static_files.response(name, request)
    return None


@blueprint.get("/assets/<name>")
def asset(name: str) -> Response:
    """Serve a script, style or picture of the page."""
    return state().static_files.response(f"assets/{name}", request)
