"""The app factory: `create_app()`, a plain WSGI callable, also for `flask --app painting.serving run`."""

from pathlib import Path
from typing import TYPE_CHECKING

from apiflask import APIFlask
from flask import Response, abort, request

import painting
from painting.serving import api_painters, api_thesis, health, page
from painting.serving.errors import register_error_answers
from painting.serving.page_files import Page
from painting.serving.paint_queue import PaintQueue
from painting.serving.settings import Settings
from painting.serving.state import EXTENSION, ServerState, state

if TYPE_CHECKING:
    from painting.painter import Painter

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data: blob:; "
        "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def create_app(painter: "Painter | str | Path | None" = None, settings: Settings | None = None) -> APIFlask:
    """Build the app around a painter (given, named or the default one) and paint once to warm it up.

    Raises PaintingError when the painter cannot be loaded or a setting is wrong.
    """
    settings = settings or Settings.from_environment()
    if painter is None or isinstance(painter, str | Path):
        painter = painting.load(painter or settings.painter)
    queue = PaintQueue(painter, settings.most_waiting)
    queue.warm_up()
    app = APIFlask("painting", title="Painting with Neural Nets", version=painting.__version__, docs_path=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.longest_body
    app.config["VALIDATION_ERROR_STATUS_CODE"] = 400
    app.extensions[EXTENSION] = ServerState(settings, queue, Page())
    for module in (api_thesis, api_painters, health, page):
        app.register_blueprint(module.blueprint)
    register_error_answers(app)
    app.before_request(refuse_oversized)
    app.after_request(add_security_headers)
    return app


def refuse_oversized() -> None:
    """Refuse what is larger than the settings allow before anything reads it."""
    settings = state().settings
    if len(request.environ.get("QUERY_STRING", "")) + len(request.path) > settings.longest_url:
        abort(414, f"the address is longer than {settings.longest_url} characters")
    if (request.content_length or 0) > settings.longest_body:
        abort(413)


def add_security_headers(response: Response) -> Response:
    """Forbid what no answer of this server needs."""
    response.headers.update(SECURITY_HEADERS)
    return response
