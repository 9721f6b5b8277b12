"""nginx, as the page's image configures it: the page, one origin with the API, and what it keeps from the backend."""

import json
import os
import socket
import subprocess
from pathlib import Path

import pytest
from benchmarks.servers import free_port, painting_server
from tests.deploy.conftest import PAGE_FOLDER, Backend, PageServer, StartPage

from painting.serving.app import SECURITY_HEADERS
from painting.serving.settings import Settings

pytestmark = pytest.mark.slow

BROWSER_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def sentence(body: bytes) -> str:
    """The one sentence of an error."""
    message = json.loads(body)["error"]["message"]
    assert isinstance(message, str) and "\n" not in message
    return message


def test_without_a_backend_the_page_shows_and_a_prompt_gets_503_with_retry_after(start_page: StartPage) -> None:
    page = start_page(f"http://127.0.0.1:{free_port()}")
    assert b"<title>flowers" in page.request("/", Accept=BROWSER_ACCEPT).body
    answer = page.request("/?input=a+rose")
    assert (answer.status, answer.headers["Retry-After"], answer.headers["Cache-Control"]) == (503, "5", "no-store")
    assert answer.headers.get_content_type() == "application/json"
    assert "cannot be reached" in sentence(answer.body)


def test_it_starts_with_a_backend_name_that_does_not_resolve(start_page: StartPage) -> None:
    page = start_page("http://backend.invalid:5000")
    assert page.request("/").status == 200
    assert page.request("/v1/painters").status == 503


def test_a_name_of_the_hosts_file_is_known(start_page: StartPage, backend: Backend) -> None:
    assert start_page(f"http://localhost:{backend.port}/").request("/v1/painters").status == 200


def test_in_front_of_the_server_one_origin_has_the_page_and_pictures(start_page: StartPage, tiny_painter: Path) -> None:
    with painting_server(str(tiny_painter)) as server:
        page = start_page(server.address)
        assert b"<title>flowers" in page.request("/", Accept=BROWSER_ACCEPT).body
        answer = page.request("/?input=a+rose&seed=7", Accept=BROWSER_ACCEPT)
        assert len(json.loads(answer.body)["images"]) == 5
        for name, value in SECURITY_HEADERS.items():
            assert answer.headers.get_all(name) == [value], name
        assert page.request("/readyz").status == 200
        assert page.request("/nothing/here").status == 404
        assert page.request("/?input=").status == 400


@pytest.mark.parametrize("path", ["/", "/assets/index-Ab12.js"])
def test_the_page_has_the_security_headers_of_the_server(page: PageServer, backend: Backend, path: str) -> None:
    headers = page.request(path).headers
    for name, value in SECURITY_HEADERS.items():
        assert headers.get_all(name) == [value], name
    assert headers["Server"] == "nginx"  # and no version
    assert not backend.received


@pytest.mark.parametrize(
    ("method", "path", "accept", "painted"),
    [
        ("GET", "/", BROWSER_ACCEPT, False),
        ("GET", "/", "*/*", False),
        ("GET", "/?seed=7", BROWSER_ACCEPT, False),
        ("GET", "/", "application/json", True),
        ("GET", "/?input=a+rose", BROWSER_ACCEPT, True),
        ("GET", "/?seed=7&input=a+rose", "*/*", True),
        ("OPTIONS", "/", "*/*", True),
        ("POST", "/", "*/*", True),
        ("POST", "/v1/images/generations", "*/*", True),
        ("GET", "/v1/painters", BROWSER_ACCEPT, True),
        ("GET", "/favicon.ico", BROWSER_ACCEPT, True),
    ],
)
def test_page_and_api_share_the_origin(
    page: PageServer, backend: Backend, method: str, path: str, accept: str, painted: bool
) -> None:
    answer = page.request(path, method, Accept=accept)
    assert (answer.status, bool(backend.received)) == (200, painted)
    assert (answer.body == backend.body) is painted


def test_a_query_reaches_the_backend_as_it_was_sent(page: PageServer, backend: Backend) -> None:
    page.request("/?input=%D9%88%D8%B1%D8%AF%D8%A9+%26%2F..%2F&seed=1")
    page.request("/v1/paintings/a%2Fb?x=%00")
    assert [received.path for received in backend.received] == [
        "/?input=%D9%88%D8%B1%D8%AF%D8%A9+%26%2F..%2F&seed=1",
        "/v1/paintings/a%2Fb?x=%00",
    ]


def test_scripts_are_cached_for_ever_and_the_page_is_revalidated(page: PageServer) -> None:
    script = page.request("/assets/index-Ab12.js")
    assert script.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    index = page.request("/")
    assert index.headers["Cache-Control"] == "no-cache"
    assert page.request("/", If_None_Match=index.headers["ETag"]).status == 304


def test_who_can_unpack_gets_what_was_packed(page: PageServer) -> None:
    packed = page.request("/assets/index-Ab12.js", Accept_Encoding="gzip")
    assert (packed.body, packed.headers["Content-Encoding"], packed.headers["Vary"]) == (
        b"packed", "gzip", "Accept-Encoding",
    )  # fmt: skip
    assert page.request("/assets/index-Ab12.js").body == b"let flowers = 1\n"


@pytest.mark.parametrize("status", [429, 503])
def test_the_backend_turns_away_in_its_own_words(page: PageServer, backend: Backend, status: int) -> None:
    backend.status, backend.headers = status, {"Retry-After": "7", "Content-Type": "application/json"}
    answer = page.request("/?input=a+rose")
    assert (answer.status, answer.body, answer.headers.get_all("Retry-After")) == (status, backend.body, ["7"])


def test_the_backend_gets_the_clients_address_and_no_forged_one(page: PageServer, backend: Backend) -> None:
    page.request("/readyz", X_Forwarded_For="203.0.113.9", Forwarded="for=203.0.113.9", X_Forwarded_Host="evil.test")
    headers = backend.received[0].headers
    assert headers["X-Forwarded-For"] == "127.0.0.1"
    assert headers["Host"] == f"127.0.0.1:{page.port}"
    assert not {"Forwarded", "X-Forwarded-Host"} & set(headers)


@pytest.mark.parametrize(("theirs", "kept"), [("order-7", True), ("a b", False), ("x" * 65, False)])
def test_a_request_has_one_name_in_every_log(start_page: StartPage, backend: Backend, theirs: str, kept: bool) -> None:
    page = start_page(f"http://127.0.0.1:{backend.port}")
    page.request("/readyz", X_Request_ID=theirs)
    own = page.request("/", X_Request_ID=theirs).headers["X-Request-ID"]
    page.stop()
    name = backend.received[0].headers["X-Request-ID"]
    assert (name == theirs, own == theirs) == (kept, kept)
    assert f" {name}\n" in page.log.read_text()


def test_a_trusted_proxy_states_the_clients_address(start_page: StartPage, backend: Backend) -> None:
    page = start_page(f"http://127.0.0.1:{backend.port}", PAINTING_TRUSTED_PROXIES="10.0.0.0/8, 127.0.0.0/8")
    page.request("/readyz", X_Forwarded_For="198.51.100.1, 203.0.113.9", X_Forwarded_Proto="https")
    headers = backend.received[0].headers
    assert (headers["X-Forwarded-For"], headers["X-Forwarded-Proto"]) == ("203.0.113.9", "https")


def test_metrics_stay_inside(page: PageServer, backend: Backend) -> None:
    assert page.request("/metrics").status == 404
    assert not backend.received


def test_a_body_or_address_too_large_never_reaches_the_backend(page: PageServer, backend: Backend) -> None:
    large = page.request("/v1/images/generations", "POST", b"x" * (Settings().max_body_bytes + 1))
    assert (large.status, sentence(large.body)) == (413, "the request's body is too large")
    long = page.request("/?input=" + "a" * 80_000)
    assert (long.status, sentence(long.body)) == (414, "the address is too long")
    assert not backend.received
    assert page.request("/v1/images/generations", "POST", b"x" * Settings().max_body_bytes).status == 200
    assert len(backend.received[0].body) == Settings().max_body_bytes


def test_clients_that_send_half_and_wait_cost_the_backend_nothing(page: PageServer, backend: Backend) -> None:
    head = b"POST /v1/images/generations HTTP/1.1\r\nHost: x\r\n"
    halves = [head[:-9], head, head + b"Content-Length: 100\r\n\r\n", head + b"Content-Length: 100\r\n\r\n" + b"x" * 99]
    slow = [socket.create_connection(("127.0.0.1", page.port)) for _ in range(120)]
    try:
        for number, client in enumerate(slow):
            client.sendall(halves[number % len(halves)])
        assert page.request("/?input=a+rose").body == backend.body
        assert page.request("/").status == 200
        assert [received.path for received in backend.received] == ["/?input=a+rose"]
        slow[3].sendall(b"x")  # the last byte makes it a request
        assert slow[3].recv(12) == b"HTTP/1.1 200"
    finally:
        for client in slow:
            client.close()


def test_no_prompt_stands_in_the_log(start_page: StartPage) -> None:
    page = start_page(f"http://127.0.0.1:{free_port()}")
    for path in (
        "/?input=my+secret+rose",
        "/v1/painters?secret=1",
        "/v1/pictures?prompt=secret",
        "/?input=secret" + "a" * 80_000,
    ):
        page.request(path)
    page.request("/v1/images/generations", "POST", b"secret" * 800_000)
    assert page.stop() == 0
    said = page.log.read_text()
    assert "secret" not in said
    assert said.count("\n") == 5


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PAINTING_BACKEND", "backend:5000"),
        ("PAINTING_BACKEND", "https://backend:5000"),
        ("PAINTING_BACKEND", "http://backend:5000'; } evil { x '"),
        ("PAINTING_BACKEND", "http://backend:5000\nevil;"),
        ("PORT", "80 80"),
        ("PAINTING_MAX_BODY_BYTES", "1m; evil"),
        ("PAINTING_TRUSTED_PROXIES", "10.0.0.0/8; evil"),
    ],
)
def test_a_setting_that_is_none_is_refused_in_a_sentence(tmp_path: Path, name: str, value: str) -> None:
    environment = os.environ | {"PAINTING_STATE": str(tmp_path / "nginx"), name: value}
    done = subprocess.run([PAGE_FOLDER / "start.sh"], capture_output=True, text=True, env=environment, timeout=30)
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {name} must be ")
    assert not (tmp_path / "nginx").exists()
