"""Every error of the server as JSON: `{"error": {"message": one sentence, "type": …}}`."""

import logging

from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Response, jsonify, request
from werkzeug.exceptions import HTTPException

from painting.errors import PaintingError

log = logging.getLogger(__name__)

REASONS = {
    404: "there is nothing at this address",
    405: "this address does not take this method",
    413: "the request's body is too large",
}


class ServerBusy(PaintingError):
    """The server has more to paint than it should promise; try again after `retry_after` seconds."""

    http_status = 503

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"the server is busy: try again in {retry_after} s")
        self.retry_after = retry_after


def error_answer(status: int, message: str) -> Response:
    """Give the JSON answer for an error."""
    kind = "invalid_request_error" if status < 500 else "server_error"
    answer = jsonify(error={"message": message, "type": kind})
    answer.status_code = status
    return answer


def register_error_answers(app: APIFlask) -> None:
    """Make the app answer each kind of error as JSON, without a stack trace."""
    app.register_error_handler(PaintingError, _answer_painting_error)
    app.register_error_handler(HTTPException, _answer_http_exception)
    app.register_error_handler(HTTPError, _answer_invalid_parameters)
    app.register_error_handler(Exception, _answer_unexpected)


def _answer_painting_error(error: PaintingError) -> Response:
    if error.http_status >= 500 and not isinstance(error, ServerBusy):
        log.error("%s", error)
    answer = error_answer(error.http_status, str(error))
    if isinstance(error, ServerBusy):
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _answer_http_exception(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:  # a redirect is no error
        return Response(status=status, headers=error.get_headers())
    answer = error_answer(status, REASONS.get(status, error.description or error.name))
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            answer.headers[name] = value
    return answer


def _answer_invalid_parameters(error: HTTPError) -> Response:
    return error_answer(error.status_code, _first_sentence(error.detail) or str(error.message))


def _first_sentence(detail: object) -> str | None:
    """Find the first message in the nested lists and dicts in which a schema reports what is wrong."""
    if isinstance(detail, str):
        return detail
    values = detail.values() if isinstance(detail, dict) else detail if isinstance(detail, list) else ()
    return next((found for value in values if (found := _first_sentence(value))), None)


def _answer_unexpected(error: Exception) -> Response:
    # The path alone: a query holds a prompt, and prompts stay out of logs.
    log.error("unexpected error at %s %s", request.method, request.path, exc_info=error)
    return error_answer(500, "the server made a mistake; its log says more")
