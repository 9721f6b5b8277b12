"""The document is one of OpenAPI 3.1, names each operation, and says which need a key."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from painting.paint.painter import Painter
from painting.serving.api.document import SECURITY_SCHEMES
from painting.serving.app import create_app
from painting.serving.settings import Settings

EACH_SCHEME: list[dict[str, list[str]]] = [{name: []} for name in SECURITY_SCHEMES]


@pytest.fixture
def keyed_client(painter: Painter) -> FlaskClient:
    return create_app(painter, Settings(api_keys="key")).test_client()


def operations(client: FlaskClient) -> list[tuple[str, str, dict[str, Any]]]:
    document = client.get("/openapi.json").json
    assert document is not None and document["components"]["securitySchemes"] == SECURITY_SCHEMES
    return [
        (method, re.sub(r"{.+?}", "tiny", path), operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def schemas(node: object) -> Iterator[dict[str, Any]]:
    """All schemas of a part of the document, which are what has a type or a reference."""
    if isinstance(node, dict):
        if isinstance(node.get("type", node.get("$ref")), str | list) and "name" not in node:
            yield node
        node = list(node.values())
    for each in node if isinstance(node, list) else []:
        yield from schemas(each)


def test_schemas_are_those_of_json_schema_alone(client: FlaskClient) -> None:
    document = client.get("/openapi.json").json
    assert document is not None and document["openapi"].startswith("3.1")
    found = list(schemas([document["paths"], document["components"]["schemas"]]))
    assert len(found) > 100
    for schema in found:
        Draft202012Validator.check_schema(schema)
        assert "nullable" not in schema
        if "default" in schema:
            Draft202012Validator(schema).validate(schema["default"])


def test_operations_and_tags_have_names_of_their_own(client: FlaskClient) -> None:
    document = client.get("/openapi.json").json
    assert document is not None
    ids = [operation["operationId"] for _, _, operation in operations(client)]
    assert len(set(ids)) == len(ids) and all(map(str.isidentifier, ids))
    assert {"post_openai_generate_images", "get_pictures_picture"} <= set(ids)
    names = [tag["name"] for tag in document["tags"]]
    assert len(set(names)) == len(names)


def test_an_operation_needs_a_key_exactly_if_the_document_says_so(keyed_client: FlaskClient) -> None:
    found = operations(keyed_client)
    for method, path, operation in found:
        response = keyed_client.open(path, method=method.upper())
        assert (response.status_code == 401) == (operation["security"] == EACH_SCHEME), path
        assert bool(operation["security"]) == ("401" in operation["responses"])
    open_paths = {path for _, path, operation in found if not operation["security"]}
    assert open_paths == {"/livez", "/readyz", "/metrics", "/internal/ping"}


def test_a_key_is_optional_where_none_is_set(client: FlaskClient) -> None:
    assert {} in next(each["security"] for _, path, each in operations(client) if path == "/v1/models")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"{", "application/json"), (b"no json", "text/plain"), (b"[" * 100_000, "application/json"), (b"[]", None)],
)
def test_a_key_is_required_before_a_body_is_parsed(
    keyed_client: FlaskClient, body: bytes, content_type: str | None
) -> None:
    for path in ("/v1/images/generations", "/v1/morphs", "/sdapi/v1/txt2img", "/sdapi/v1/interrupt", "/models/tiny"):
        assert keyed_client.post(path, data=body, content_type=content_type).status_code == 401
