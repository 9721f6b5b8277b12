"""The page of the OpenAPI document has every operation, with a command line that works."""

import json
import shlex
from urllib.parse import urlsplit

from apiflask import APIFlask
from flask.testing import FlaskClient
from tests.conftest import MakePainter

from painting.paint.painter import Painter
from painting.serving.api.docs import body_rows, operations_by_tag, parameter_rows
from painting.serving.app import create_app
from painting.serving.settings import Settings
from painting.serving.state import state_of
from painting.text.encoder import TextEncoder


def test_each_operation_is_on_the_page(client: FlaskClient, app: APIFlask) -> None:
    page = client.get("/docs")
    assert page.content_type == "text/html; charset=utf-8"
    spec = app.spec
    assert isinstance(spec, dict)
    for path in spec["paths"]:
        assert f"</span> {path}</h3>" in page.text
    assert "<script" not in page.text and "style=" not in page.text and "http://www" not in page.text
    assert client.get("/docs/docs.css").content_type == "text/css; charset=utf-8"


def test_each_command_line_on_the_page_works(text_encoder: TextEncoder, make_painter: MakePainter) -> None:
    app = create_app(Painter.load(make_painter("flowers"), text_encoder, threads=1), Settings())
    client, tried = app.test_client(), 0
    spec = app.spec
    assert isinstance(spec, dict)
    for operation in (each for group in operations_by_tag(spec).values() for each in group):
        command, address, *options = shlex.split(operation["example"])
        asked = urlsplit(address)
        assert command == "curl" and asked.netloc == "127.0.0.1:8001"
        if operation["path"] == "/sdapi/v1/png-info":  # the file is the reader's
            continue
        body = json.loads(options[options.index("-d") + 1]) if "-d" in options else None
        answer = client.open(f"{asked.path}?{asked.query}", method=operation["method"], json=body)
        assert answer.status_code == 200, (operation["example"], answer.text)
        assert ("-o" in options) == answer.content_type.startswith("image/")
        assert ("-d" in options) or ("-X" in options) == (operation["method"] == "POST")
        tried += 1
    assert tried > 20
    state_of(app).service.renderer.close()


def test_a_schema_becomes_rows_with_limits_and_meaning() -> None:
    schema = {
        "required": ["n"],
        "properties": {
            "n": {"type": "integer", "minimum": 1, "maximum": 64, "description": "Number of pictures."},
            "kind": {"type": ["string", "null"], "enum": ["png", None], "default": "png"},
        },
    }
    document = {"components": {"schemas": {"Images": schema}}}
    assert body_rows(document, {"$ref": "#/components/schemas/Images"}) == [
        {"name": "n", "needed": True, "kind": "integer", "limits": "from 1 to 64", "meaning": "Number of pictures."},
        {"name": "kind", "needed": False, "kind": "string or null", "limits": "one of png, default png", "meaning": ""},
    ]
    assert body_rows(document, {"type": "array", "items": {"$ref": "#/components/schemas/Images"}})[0]["name"] == "n"
    seed = {"name": "seed", "schema": {"type": "integer", "minimum": 0}, "description": "A seed."}
    (row,) = parameter_rows({"parameters": [seed]})
    assert (row["limits"], row["meaning"], row["needed"]) == ("from 0", "A seed.", False)
