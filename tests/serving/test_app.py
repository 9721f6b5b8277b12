"""The app factory, as it is called by hand and by `flask --app`."""

from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.cli import ScriptInfo
from flask.testing import FlaskClient

from painting.errors import InvalidRequest
from painting.serving.app import create_app
from painting.serving.settings import MAX_HEADER_BYTES, Settings
from painting.serving.state import state_of


def test_a_painter_can_be_named_by_its_file(tiny_painter: Path) -> None:
    app = create_app(str(tiny_painter), Settings())
    assert state_of(app).service.catalog.painter().name == "tiny"


def test_an_unknown_painter_is_refused_before_anything_is_served() -> None:
    with pytest.raises(InvalidRequest, match="no-such"):
        create_app("no-such", Settings())


def test_flask_finds_the_factory_in_the_package(tiny_painter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAINTING_PAINTER", str(tiny_painter))
    app = ScriptInfo(app_import_path="painting.serving").load_app()
    assert app.test_client().get("/?input=rose&count=1").status_code == 200


def test_two_apps_share_nothing(app: APIFlask, unconditional_painter: Path) -> None:
    other = create_app(str(unconditional_painter), Settings())
    assert other.test_client().get("/readyz").json["painter"] == "plain"  # type: ignore[index]
    assert app.test_client().get("/readyz").json["painter"] == "tiny"  # type: ignore[index]


def test_the_api_describes_itself(client: FlaskClient) -> None:
    document = client.get("/openapi.json").json
    assert document is not None
    assert {"/", "/v1/painters", "/v1/images/generations", "/sdapi/v1/txt2img", "/livez"} <= set(document["paths"])
    parameters = {parameter["name"]: parameter for parameter in document["paths"]["/"]["get"]["parameters"]}
    assert parameters["count"]["schema"]["maximum"] == 64
    assert set(parameters) == {
        "input",
        "count",
        "seed",
        "truncation",
        "strength",
        "subseed",
        "subseed_strength",
        "model",
        "format",
    }


def test_headers_are_bounded_together(client: FlaskClient) -> None:
    assert client.get("/livez", headers={"X-A": "a" * 60_000}).status_code == 200
    for headers in ({"X-A": "a" * MAX_HEADER_BYTES}, {f"X-{number}": "a" * 1000 for number in range(70)}):
        refused = client.get("/livez", headers=headers)
        assert refused.status_code == 431 and "headers are longer than 65536 bytes" in refused.text


@pytest.mark.parametrize("value", ["[" + "[]," * 60_000 + "[]]", "{" + '"a":1,' * 60_000 + '"a":1}'])
def test_a_body_of_very_many_values_is_refused_unparsed(client: FlaskClient, value: str) -> None:
    body = '{"prompt": "a rose", "override_settings": {"x": ' + value + "}}"
    response = client.post("/sdapi/v1/txt2img", data=body, content_type="application/json")
    assert response.status_code == 413
