"""A JSON line for each request, with its id and without its prompt."""

import json
import logging

import pytest
from flask.testing import FlaskClient

from painting.paint.painter import Painter
from painting.serving.app import create_app
from painting.serving.logs import JsonFormatter
from painting.serving.settings import Settings


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [
        json.loads(JsonFormatter().format(record)) for record in caplog.records if record.name.startswith("painting")
    ]


def test_a_request_is_logged_with_its_id_and_without_its_prompt(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "painting"):
        answer = client.get("/?input=my+private+words&count=1", headers={"X-Request-ID": "mine-1"})
    (line,) = lines(caplog)
    assert answer.headers["X-Request-ID"] == line["request_id"] == "mine-1"
    assert (line["method"], line["route"], line["status"], line["client"]) == ("GET", "/", 200, "127.0.0.1")
    assert line["level"] == "info" and isinstance(line["ms"], float)
    assert "private" not in json.dumps(line)


def test_prompts_are_logged_where_the_setting_allows_it(painter: Painter, caplog: pytest.LogCaptureFixture) -> None:
    client = create_app(painter, Settings(log_prompts=True)).test_client()
    with caplog.at_level(logging.INFO, "painting"):
        client.post("/v1/images/generations", json={"prompt": "my public words"})
    assert lines(caplog)[-1]["prompt"] == "my public words"


def test_prompts_are_logged_as_painted_both_of_a_morph_and_refused_ones_not_at_all(
    painter: Painter, caplog: pytest.LogCaptureFixture
) -> None:
    client = create_app(painter, Settings(log_prompts=True)).test_client()
    with caplog.at_level(logging.INFO, "painting"):
        client.post("/v1/morphs", json={"prompt": "a  rose", "to_prompt": "a tulip", "steps": 2})
        client.get("/?input=%1B")
    morph, refused = lines(caplog)
    assert (morph["prompt"], morph["to_prompt"]) == ("a rose", "a tulip")
    assert refused["status"] == 400 and "prompt" not in refused


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", 'a"b', "ä"])
def test_an_id_that_could_forge_lines_is_replaced(client: FlaskClient, given: str) -> None:
    found = client.get("/livez", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert found != given and len(found) == 16


def test_exceptions_and_newlines_stay_within_one_line() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "a\nb", (), (type(error), error, error.__traceback__))
    text = JsonFormatter().format(record)
    assert "\n" not in text and "two" in json.loads(text)["exception"]
