"""Structured logging: JSON lines, one for each request with its id."""

import json
import logging
import re
import secrets
import sys
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, request

from painting.serving.state import state

log = logging.getLogger(__name__)

REQUEST_ID_HEADER = "X-Request-ID"
REQUEST_START_KEY = "painting.request_start"  # of a request's environment: the time.monotonic() of its arrival
REQUEST_ID_PATTERN = re.compile(r"[A-Za-z0-9._-]{1,64}")
HTTP_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON; its extra `fields` stand beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"time": at, "level": record.levelname.lower(), "message": record.getMessage()}
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure_logging(level: str) -> None:
    """Log this package's records as JSON lines to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    ours = logging.getLogger("painting")
    ours.handlers, ours.propagate = [handler], False
    ours.setLevel(level.upper())


def log_requests(app: Flask) -> None:
    """Register hooks that give each request an id, and count and log its response."""
    app.before_request(_begin)
    app.after_request(_answered)


def record_prompts(**prompts: str | None) -> None:
    """Remember the current request's prompts, to log them where that is allowed and redact them where it is not."""
    g.prompts = prompts


def _begin() -> None:
    g.begun = request.environ.get(REQUEST_START_KEY) or time.monotonic()
    given = request.headers.get(REQUEST_ID_HEADER, "")
    g.request_id = given if REQUEST_ID_PATTERN.fullmatch(given) else secrets.token_hex(8)


def _answered(response: Response) -> Response:
    response.headers[REQUEST_ID_HEADER] = g.request_id
    seconds = time.monotonic() - g.begun
    # The rule, not the path: each made-up path would be a label of its own, and could hold a prompt.
    route = request.url_rule.rule if request.url_rule else "none"
    method = request.method if request.method in HTTP_METHODS else "other"
    state().service.metrics.observe_request(route, method, response.status_code, seconds)
    if log.isEnabledFor(logging.INFO):
        fields = {"request_id": g.request_id, "method": method, "route": route, "status": response.status_code}
        fields |= {"ms": round(1000 * seconds, 1), "client": state().authenticator.address(request)}
        prompts = g.get("prompts", {}) if state().settings.log_prompts else {}
        log.info("request", extra={"fields": fields | prompts})
    return response
