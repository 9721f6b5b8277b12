"""Cross-origin resource sharing (CORS): which other origins' pages may call this server from a browser."""

from collections.abc import Collection
from functools import partial

from flask import Flask, Response, current_app, request

ANY_ORIGIN = "*"
PREFLIGHT_SECONDS = 3600  # that a browser may keep the answer to a preflight


def allow_origins(app: Flask, origins: Collection[str]) -> None:
    """Register hooks that let pages of these origins call every route; "*" is any origin, none of them no page."""
    app.before_request(_answer_preflight)
    if origins:
        app.after_request(partial(_add_headers, frozenset(origins)))


def _answer_preflight() -> Response | None:
    """Answer OPTIONS before a key is required: a browser's preflight carries none."""
    if request.method == "OPTIONS" and request.url_rule:
        return current_app.make_default_options_response()
    return None


def _add_headers(origins: frozenset[str], response: Response) -> Response:
    origin = ANY_ORIGIN
    if ANY_ORIGIN not in origins:
        response.vary.add("Origin")
        origin = request.headers.get("Origin", "")
        if origin not in origins:
            return response
    response.access_control_allow_origin = origin
    response.headers["Access-Control-Expose-Headers"] = "*"
    if request.method == "OPTIONS":
        # Whichever headers it names: clients send some of their own, such as OpenAI's X-Stainless-Lang.
        response.headers["Access-Control-Allow-Headers"] = request.headers.get("Access-Control-Request-Headers", "")
        response.access_control_allow_methods = response.allow
        response.access_control_max_age = PREFLIGHT_SECONDS
        response.vary.add("Access-Control-Request-Headers")
    return response
