"""The document says which operations need a key, and they do."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from painting.paint.painter import Painter
from painting.serving.api.security import SECURITY_SCHEMES
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


def test_an_operation_needs_a_key_exactly_if_the_document_says_so(keyed_client: FlaskClient) -> None:
    found = operations(keyed_client)
    for method, path, operation in found:
        response = keyed_client.open(path, method=method.upper())
        assert (response.status_code == 401) == (operation.get("security") == EACH_SCHEME), path
        assert ("security" in operation) == ("401" in operation["responses"])
    open_paths = {path for _, path, operation in found if "security" not in operation}
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
