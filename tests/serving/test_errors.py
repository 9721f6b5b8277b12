"""Every error is JSON with one sentence, without internals."""

import logging

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from painting.errors import PainterFileError
from painting.images import FloatArray
from painting.serving.errors import ServerBusy
from painting.serving.settings import Settings
from painting.serving.state import state_of


def error(message: str, kind: str) -> dict[str, object]:
    return {"error": {"message": message, "type": kind, "param": None, "code": None}}


def let_fail(app: APIFlask, monkeypatch: pytest.MonkeyPatch, error: Exception) -> FlaskClient:
    def fail(latents: FloatArray, vectors: FloatArray | None) -> None:
        raise error

    monkeypatch.setattr(state_of(app).service.catalog.painter(), "paint_rows", fail)
    return app.test_client()


def test_an_unexpected_error_shows_no_trace_and_logs_no_prompt(
    app: APIFlask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client = let_fail(app, monkeypatch, RuntimeError("secret inside"))
    with caplog.at_level(logging.INFO):
        response = client.get("/?input=my+private+words")
    assert response.status_code == 500
    assert response.json == error("the server made a mistake; its log says more", "server_error")
    assert "secret inside" in caplog.text, "whoever runs the server learns of it"
    assert "private" not in caplog.text


@pytest.mark.parametrize("how", ["query", "body", "link"])
def test_no_log_repeats_a_prompt_even_where_an_error_does(
    app: APIFlask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    words, client, asked = "my  private  words", app.test_client(), "/v1/images/generations"
    linked = client.post(asked, json={"prompt": words, "response_format": "url"}).json
    assert linked is not None
    url = linked["data"][0]["url"].removeprefix("http://localhost")
    state_of(app).service.renderer._files.max_bytes = -1
    for folded in ("my private words", words):
        let_fail(app, monkeypatch, RuntimeError(f"cannot read {folded!r}"))
        monkeypatch.setattr(state_of(app).service.renderer._files, "get", lambda key: None)
        with caplog.at_level(logging.DEBUG):
            answer = {
                "query": lambda: client.get("/", query_string={"input": words}),
                "body": lambda: client.post(asked, json={"prompt": words}),
                "link": lambda: client.get(url),
            }[how]()
        assert answer.status_code == 500
        if not (how == "link" and folded == words):  # a link holds the folded prompt alone
            assert "private" not in caplog.text
        assert url.split("/")[-1] not in caplog.text, "it holds the prompt too"
        assert "RuntimeError" in caplog.text and "unexpected error at" in caplog.text
        caplog.clear()


def test_a_broken_painter_is_the_servers_fault(app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> None:
    response = let_fail(app, monkeypatch, PainterFileError("the painter fails")).get("/?input=a+rose")
    assert (response.status_code, response.json) == (
        500,
        error("the painter fails", "server_error"),
    )


def test_a_full_server_says_when_to_come_again(app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> None:
    response = let_fail(app, monkeypatch, ServerBusy(3)).get("/?input=a+rose")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "3")
    assert response.headers["Access-Control-Expose-Headers"] == "*"


@pytest.mark.parametrize(
    "path", ["/nothing", "/v1/nothing", "/assets/nothing.js", "/assets/../app.py", "/%2e%2e/app.py"]
)
def test_what_is_not_there_is_404_as_json(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert response.json == error("there is nothing at this address", "invalid_request_error")


@pytest.mark.parametrize(
    ("path", "values", "param"),
    [
        ("/sdapi/v1/txt2img", {"prompt": "a rose", "width": 9, "height": 64}, "width"),
        ("/sdapi/v1/txt2img", {"prompt": "a rose", "width": 64, "height": 4000}, "height"),
        ("/sdapi/v1/txt2img", {"prompt": "a rose", "height": 9, "parameters": 7}, "height"),
        ("/sdapi/v1/txt2img", {"prompt": "a rose", "batch_size": 9, "n_iter": 9}, "batch_size"),
        ("/models/tiny", {"inputs": "a rose", "parameters": {"width": 4000}}, "width"),
        ("/models/tiny", {"inputs": "a rose", "parameters": {"height": -1}}, "height"),
        ("/v1/images/generations", {"prompt": "a rose", "size": "9x9"}, "size"),
        ("/v1/images/generations", {"prompt": "a rose", "size": "2048x2048", "n": 64}, "size"),
        ("/v1/images/generations", {"prompt": "a rose", "stream": True}, "stream"),
        ("/v1/images/generations", {"prompt": ""}, None),
        ("/sdapi/v1/png-info", {"image": "AAAA"}, "image"),
        ("/sdapi/v1/png-info", {}, None),
        ("/v1/morphs", {"prompt": "a rose", "sed": 7}, "sed"),
        ("/v1/pictures", {"prompt": "a rose", "size": "9x9"}, "size"),
        ("/v1/pictures", {"prompt": "a rose", "sed": "7"}, "sed"),
        ("/", {"input": "a rose", "cuont": "7"}, "cuont"),
    ],
)
def test_an_error_names_the_field(client: FlaskClient, path: str, values: dict[str, object], param: str | None) -> None:
    is_query = path in ("/", "/v1/pictures")
    response = client.get(path, query_string=values) if is_query else client.post(path, json=values)
    assert response.status_code == 400 and response.json is not None
    assert response.json["error"]["param"] == param, response.text


def test_a_large_body_is_refused_unread(client: FlaskClient) -> None:
    response = client.get("/?input=rose", data=b"x" * (Settings().max_body_bytes + 1))
    assert response.status_code == 413
    assert response.json is not None
    assert "body" in response.json["error"]["message"]
