"""The app factory: `create_app()`, a plain WSGI callable, also for `flask --app painting.serving run`."""

import logging
import re
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from apiflask import APIFlask
from flask import Response, abort, request

import painting
from painting.errors import InvalidRequest
from painting.files.json_fields import parse_strict_json
from painting.paint.painter import Painter
from painting.painters import catalog
from painting.serving.api import (
    a1111,
    a1111_stubs,
    docs,
    embeddings,
    health,
    huggingface,
    morphs,
    openai,
    page,
    painters,
    pictures,
    thesis,
)
from painting.serving.api.document import complete_document
from painting.serving.api.names import NameConverter
from painting.serving.api.responses import PAINT_ERRORS, ErrorOut
from painting.serving.auth import CONNECTION_KEY, Authenticator
from painting.serving.client import ClientConnection
from painting.serving.compression import compress_answers
from painting.serving.cors import allow_origins
from painting.serving.engine.service import build_service
from painting.serving.errors import register_error_answers
from painting.serving.logs import log_requests, record_prompts
from painting.serving.settings import MAX_HEADER_BYTES, Settings
from painting.serving.state import EXTENSION_NAME, ProcessHooks, ServerState, identify_client, state
from painting.serving.static_files import StaticFiles
from painting.serving.unread_answers import bound_unread_answers
from painting.site.build import build_site
from painting.site.files import SiteFile

MAX_MEDIA_TYPE_LENGTH = 60
MAX_BODY_VALUES = 50_000  # each takes some 60 bytes of memory, whatever its length
BODY_TIMEOUT_KEY = "painting.body_timeout"  # of a request's environment: set when its body did not arrive in time
OPEN_BLUEPRINTS = {None, "health", "docs", "page", "openapi"}  # all others need a key, where keys are set
BLUEPRINT_MODULES = (
    thesis,
    openai,
    embeddings,
    pictures,
    painters,
    morphs,
    huggingface,
    a1111,
    a1111_stubs,
    health,
    docs,
    page,
)
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data: blob:; "
        "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
ISOLATION_HEADERS = {"Cross-Origin-Embedder-Policy": "require-corp"}
"""With the opener policy above, what browsers lend a page's threads shared memory for."""
Painters = Painter | str | Path | Sequence[Painter | str | Path] | None


def create_app(
    painters: Painters = None, settings: Settings | None = None, process: ProcessHooks | None = None
) -> APIFlask:
    """Build the app around painters (given, named or the default one), warmed up by a first picture.

    Raises PaintingError when a painter cannot be loaded or a setting is wrong.
    """
    settings = settings or Settings.from_environment()
    process = process or ProcessHooks()
    authenticator = Authenticator(settings)
    static_files = StaticFiles(site=site_files(painters, settings))  # first: what it opens is closed again
    loaded = load_painters(painters, settings)
    service = build_service(loaded, settings, process.on_crash, process.choices, record_prompts)
    service.renderer.start()
    app = APIFlask("painting", title="Painting with Neural Nets", version=painting.__version__, docs_path=None)
    app.config.update(
        MAX_CONTENT_LENGTH=settings.max_body_bytes,
        VALIDATION_ERROR_STATUS_CODE=400,
        VALIDATION_ERROR_DESCRIPTION=PAINT_ERRORS[400],
        VALIDATION_ERROR_SCHEMA=ErrorOut,
        HTTP_ERROR_SCHEMA=ErrorOut,
        AUTO_404_RESPONSE=False,
        AUTO_OPERATION_ID=True,
        AUTO_SERVERS=False,
        DESCRIPTION="Pictures from prompts, by painters trained with this package.",
    )
    app.logger = logging.getLogger("painting.serving")
    app.extensions[EXTENSION_NAME] = ServerState(settings, service, authenticator, static_files, process.is_draining)
    app.url_map.converters["name"] = NameConverter
    app.url_map.strict_slashes = False
    app.wsgi_app = merge_slashes(app.wsgi_app)  # type: ignore[assignment,method-assign]  # as Flask's documentation wraps it
    # In this order: what costs nothing is checked first, and the body of a request without a key is not parsed.
    log_requests(app)
    app.before_request(check_limits)
    allow_origins(app, settings.cors_origins)
    for module in BLUEPRINT_MODULES:
        app.register_blueprint(module.blueprint)
    app.before_request(check_key)
    app.before_request(check_body)
    register_error_answers(app)
    app.after_request(add_security_headers)
    bound_unread_answers(app)
    compress_answers(app)  # registered last, so that it is first: what is unread is counted as it is sent
    app.spec_processor(partial(complete_document, authenticator.requires_keys))
    app.teardown_request(end_request)
    return app


def merge_slashes(app: WSGIApplication) -> WSGIApplication:
    """Wrap an app so that several slashes are one: programs join a base address that ends in one with a path.

    Werkzeug would redirect, which a browser's preflight must not follow.
    """

    def merged(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = re.sub("/{2,}", "/", environ.get("PATH_INFO", ""))
        return app({**environ, "PATH_INFO": path}, start_response)

    return merged


def load_painters(painters: Painters, settings: Settings) -> list[Painter]:
    """Load the given painters, or those that the settings name; the cores are divided among processes."""
    several = _chosen_painters(painters, settings)
    return [each if isinstance(each, Painter) else Painter.load(each, threads=settings.own_threads) for each in several]


def site_files(painters: Painters, settings: Settings) -> Sequence[SiteFile]:
    """The files by which the page paints in the browser, if it does; raises InvalidRequest for open painters."""
    if not settings.paints_in_browser:
        return ()
    several = _chosen_painters(painters, settings)
    paths = [str(each) for each in several if not isinstance(each, Painter)]
    if len(paths) < len(several):
        raise InvalidRequest("an open painter cannot be sent to a browser: give its file, or the engine server")
    return build_site(paths).files


def _chosen_painters(painters: Painters, settings: Settings) -> Sequence[Painter | str | Path]:
    if painters is None:
        return settings.painters or (catalog.default_name(),)
    return [painters] if isinstance(painters, Painter | str | Path) else painters


def check_limits() -> None:
    """Abort a request that is larger than the settings allow."""
    settings = state().settings
    if len(request.environ.get("QUERY_STRING", "")) + len(request.path) > settings.max_url_length:
        abort(414, f"the address is longer than {settings.max_url_length} characters")
    if sum(len(name) + len(value) for name, value in request.headers) > MAX_HEADER_BYTES:
        abort(431, f"the request's headers are longer than {MAX_HEADER_BYTES} bytes")
    if (request.content_length or 0) > settings.max_body_bytes:
        abort(413)


def check_key() -> None:
    """Authenticate the client of every route that is not open; raises Unauthorized."""
    if request.blueprint not in OPEN_BLUEPRINTS:
        identify_client()


def check_body() -> None:
    """Abort a request whose body came too slowly, or is no JSON object."""
    if request.environ.get(BODY_TIMEOUT_KEY):
        abort(408, f"the request's body took longer than {state().settings.body_seconds} s")
    if request.url_rule and request.method == "POST" and request.get_data():
        check_json_body(request.get_data())


def check_json_body(body: bytes) -> None:
    """Abort a request whose body is no JSON object, or of another media type (which other sites could send)."""
    if not request.is_json:
        kind = request.mimetype[:MAX_MEDIA_TYPE_LENGTH] or "no media type"
        abort(415, f"the request's body is sent as {kind}: send JSON, with Content-Type: application/json")
    if sum(map(body.count, (b",", b"[", b"{"))) > MAX_BODY_VALUES:
        abort(413)
    try:
        parsed = parse_strict_json(body)
    except ValueError:  # also numbers of thousands of digits, and brackets without end
        abort(400)
    if not isinstance(parsed, dict):
        abort(400)


def end_request(problem: BaseException | None) -> None:
    """Give back what was reserved for a request, whether it succeeded or not."""
    connection: ClientConnection | None = request.environ.get(CONNECTION_KEY)
    if connection is not None:
        connection.answered()


def add_security_headers(response: Response) -> Response:
    """Set the security headers that every response has."""
    isolation = ISOLATION_HEADERS if state().settings.paints_in_browser else {}
    for name, value in {**SECURITY_HEADERS, **isolation}.items():
        response.headers.setdefault(name, value)
    return response
