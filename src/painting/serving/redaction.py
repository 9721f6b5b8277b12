"""What somebody typed, so that it can be kept out of logs."""

from collections.abc import Iterator

from flask import g, request

MIN_REDACTED_LENGTH = 4  # shorter ones are in every traceback


def request_texts() -> set[str]:
    """The texts of the current request: of its query, its JSON and the link that it follows; as sent and as folded."""
    said = [*request.args.values(), *g.get("prompts", {}).values(), *_texts(request.get_json(silent=True))]
    texts = {
        text for each in said if isinstance(each, str) for text in (each, " ".join(each.split()), repr(each)[1:-1])
    }
    return {text for text in texts if len(text) >= MIN_REDACTED_LENGTH}


def _texts(value: object) -> Iterator[str]:
    """The texts of a JSON value and of what it holds."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)
