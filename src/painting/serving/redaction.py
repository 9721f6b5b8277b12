"""Redaction: collects the text that a user supplied in a request, to keep it out of logs."""

from collections.abc import Iterator

from flask import g, request

MIN_REDACTED_LENGTH = 4  # characters; shorter texts occur in every traceback


def request_texts() -> set[str]:
    """Collect the current request's texts (query, JSON and prompts), as sent, whitespace-folded and escaped."""
    sent = [*request.args.values(), *g.get("prompts", {}).values(), *_texts(request.get_json(silent=True))]
    texts = {
        text for each in sent if isinstance(each, str) for text in (each, " ".join(each.split()), repr(each)[1:-1])
    }
    return {text for text in texts if len(text) >= MIN_REDACTED_LENGTH}


def _texts(value: object) -> Iterator[str]:
    """Yield all strings of a nested JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)
