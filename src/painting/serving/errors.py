"""Error responses: every error as JSON, `{"error": {"message": one sentence, "type", "param", "code"}}`."""

import logging
import traceback

from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Response, jsonify, request
from werkzeug.exceptions import HTTPException

from painting.errors import InvalidRequest, PaintingError
from painting.serving.redaction import request_texts

log = logging.getLogger(__name__)

ERROR_MESSAGES = {
    400: "the request's body is not the JSON object that it should be",
    404: "there is nothing at this address",
    405: "this address does not take this method",
    413: "the request's body is too large",
}
FIELD_NAMES = {  # a wrong value → the fields that have it, by the names of all APIs
    "count": ("count", "n", "batch_size"),
    "number of steps": ("steps",),
    "width": ("width", "height", "size"),  # of width and height, one alone stands for both
    "height": ("height", "width", "size"),
}
ERROR_TYPES = {401: "authentication_error", 429: "rate_limit_error"}
HTTP_CLIENT_CLOSED_REQUEST = 499  # nginx's status, which is logged and never sent


class Rejected(PaintingError):
    """A request rejected for now, which its client may repeat after `retry_after` seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(f"{message}: try again in {retry_after} s")
        self.retry_after = retry_after


class ServerBusy(Rejected):
    """503: the server is overloaded, draining or not ready."""

    http_status = 503

    def __init__(self, retry_after: int, reason: str = "busy") -> None:
        super().__init__(f"the server is {reason}", retry_after)


class RateLimited(Rejected):
    """429: a client exceeded its rate limit."""

    http_status = 429


class Unauthorized(PaintingError):
    """401: a request without a valid API key, where keys are set."""

    http_status = 401
    code = "invalid_api_key"


class NotFound(PaintingError):
    """404: a painter that this server does not serve."""

    http_status = 404
    code = "model_not_found"  # as OpenAI calls it


class ClientDisconnected(PaintingError):
    """The client closed its connection before the response."""

    http_status = HTTP_CLIENT_CLOSED_REQUEST


def error_answer(status: int, message: str, param: str | None = None, code: str | None = None) -> Response:
    """Build the JSON response of an error."""
    kind = ERROR_TYPES.get(status, "invalid_request_error" if status < 500 else "server_error")
    answer = jsonify(error={"message": message, "type": kind, "param": param, "code": code})
    answer.status_code = status
    return answer


def register_error_answers(app: APIFlask) -> None:
    """Register handlers that answer each kind of error as JSON, without a stack trace."""
    app.register_error_handler(PaintingError, painting_error_answer)
    app.register_error_handler(HTTPException, _answer_http_exception)
    app.register_error_handler(HTTPError, _answer_invalid_parameters)
    app.register_error_handler(Exception, _answer_unexpected)


def painting_error_answer(error: PaintingError) -> Response:
    """Build the response of a painting error, with the headers of its kind."""
    if error.http_status >= 500 and not isinstance(error, Rejected):
        log.error("%s", error)
    param = _sent_field(error.field) if isinstance(error, InvalidRequest) else None
    answer = error_answer(error.http_status, str(error), param, getattr(error, "code", None))
    if isinstance(error, Rejected):
        answer.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, Unauthorized):
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _sent_field(name: str | None) -> str | None:
    """The field of the current request that holds a wrong value; None if it is none or was left out."""
    body = request.get_json(silent=True)
    nested = body.get("parameters") if isinstance(body, dict) else None
    sent = {key for part in (request.args, body, nested) if isinstance(part, dict) for key in part}
    return next((field for field in FIELD_NAMES.get(name or "", (name,)) if field in sent), None)


def _answer_http_exception(error: HTTPException) -> Response:
    status = error.code or 500
    answer = error_answer(status, ERROR_MESSAGES.get(status, error.description or error.name))
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            answer.headers[name] = value
    return answer


def _answer_invalid_parameters(error: HTTPError) -> Response:
    param, sentence = _first_sentence(error.detail)
    return error_answer(error.status_code, sentence or str(error.message), param)


def _first_sentence(detail: object, name: str | None = None) -> tuple[str | None, str | None]:
    """Find the first message and its field's name in the nested lists and dicts of a schema's report."""
    if isinstance(detail, str):
        return name, detail
    if isinstance(detail, dict):
        found = (_first_sentence(value, str(key)) for key, value in detail.items())
    else:
        found = (_first_sentence(value, name) for value in (detail if isinstance(detail, list) else ()))
    return next((each for each in found if each[1]), (None, None))


def _answer_unexpected(error: Exception) -> Response:
    # The rule, not the path: links to pictures hold prompts, as queries do.
    route = request.url_rule.rule if request.url_rule else "none"
    log.error("unexpected error at %s %s\n%s", request.method, route, _redacted_traceback(error))
    return error_answer(500, "the server made a mistake; its log says more")


def _redacted_traceback(error: BaseException) -> str:
    """Format an error's traceback, without its message where that repeats the request: prompts stay out of logs."""
    formatted = "".join(traceback.format_exception(error))
    if not any(text in formatted for text in request_texts()):
        return formatted
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{frames}{type(error).__name__} (its message repeats the request, and is redacted)"
