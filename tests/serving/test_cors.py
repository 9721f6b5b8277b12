"""Pages of the allowed origins may call every route, with a key and with headers of their own."""

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from painting.paint.painter import Painter
from painting.serving.app import create_app
from painting.serving.settings import Settings
from painting.serving.state import state_of

ALLOW_ORIGIN = "Access-Control-Allow-Origin"
ORIGINS = ("http://localhost:3000", "https://example.org", "http://[::1]:5173")
ROUTES = [
    ("GET", "/?input=a+rose&count=1"),
    ("GET", "/v1/painters"),
    ("GET", "/v1/pictures?prompt=a+rose"),
    ("POST", "/v1/images/generations"),
    ("POST", "/v1/morphs"),
    ("POST", "/models/tiny"),
    ("POST", "/sdapi/v1/txt2img"),
    ("GET", "/sdapi/v1/options"),
    ("GET", "/readyz"),
    ("GET", "/openapi.json"),
]


def client_of(painter: Painter, **settings: str) -> FlaskClient:
    return create_app(painter, Settings(**settings)).test_client()  # type: ignore[arg-type]


@pytest.fixture
def listed_client(painter: Painter) -> FlaskClient:
    """A client of a server that allows some origins, and requires the key "key"."""
    return client_of(painter, cors_origin=", ".join(ORIGINS) + "/", api_keys="key")


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_preflight_needs_no_key_and_allows_what_it_names(
    listed_client: FlaskClient, method: str, path: str, origin: str
) -> None:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type,x-api-key,x-stainless-lang",
    }
    response = listed_client.options(path, headers=headers)
    assert (response.status_code, response.headers[ALLOW_ORIGIN]) == (200, origin)
    assert response.headers["Access-Control-Allow-Headers"] == headers["Access-Control-Request-Headers"]
    assert response.access_control_allow_methods is not None
    assert method in {name.strip() for name in response.headers["Access-Control-Allow-Methods"].split(",")}
    assert "Origin" in response.vary


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_answer_can_be_read_errors_too(listed_client: FlaskClient, method: str, path: str) -> None:
    for key in ("key", "wrong"):
        body = {"prompt": "a rose", "inputs": "a rose"} if method == "POST" else None
        headers = {"Origin": ORIGINS[0], "X-API-Key": key}
        response = listed_client.open(path, method=method, json=body, headers=headers)
        assert response.headers[ALLOW_ORIGIN] == ORIGINS[0] and "Origin" in response.vary
        assert response.headers["Access-Control-Expose-Headers"] == "*"


@pytest.mark.parametrize(
    "origin", ["http://localhost:30001", "https://example.org.evil", "http://example.org", "null", "http://1:5173", ""]
)
def test_another_origin_is_not_let_in(listed_client: FlaskClient, origin: str) -> None:
    for response in (
        listed_client.options("/v1/models", headers={"Origin": origin, "Access-Control-Request-Method": "GET"}),
        listed_client.get("/livez", headers={"Origin": origin} if origin else {}),
    ):
        assert not [name for name in response.headers.keys() if name.startswith("Access-Control")]  # noqa: SIM118
        assert "Origin" in response.vary, "a cache must not give this answer to an allowed origin"


def test_any_origin_is_the_default_and_none_can_be_chosen(client: FlaskClient, painter: Painter) -> None:
    for path in ("/?input=", "/v1/painters", "/nothing"):
        response = client.get(path, headers={"Origin": "https://anything.example"})
        assert response.headers[ALLOW_ORIGIN] == "*" and "Origin" not in response.vary
    closed = client_of(painter, cors_origin="")
    assert ALLOW_ORIGIN not in closed.get("/livez", headers={"Origin": ORIGINS[0]}).headers


def test_options_lists_the_methods_of_an_address_that_exists(app: APIFlask) -> None:
    client = app.test_client()
    assert client.options("/v1/morphs").allow.as_set() == {"post", "options"}
    assert client.options("/nothing").status_code == 404
    state_of(app).service.renderer.close()
