"""A picture's link has the picture in its preview: escaped, at the server's own address, never past a key."""

import gzip
import io
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import Request, urlopen

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.serving.running import TIMEOUT_SECONDS, serving

from painting.cleaning import clean_text
from painting.paint.painter import Painter
from painting.serving.app import create_app
from painting.serving.settings import Settings
from painting.serving.state import state_of

BROWSER_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
LINK = {"prompt": "a rose", "seed": "7"}


class Head(HTMLParser):
    """A page's tags in order, and the contents of its `meta` tags by their properties."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.properties: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        named = {name: value or "" for name, value in attributes}
        if "property" in named:
            self.properties[named["property"]] = named["content"]


def page(client: FlaskClient, link: dict[str, str], **headers: str) -> Head:
    named = {"Accept": BROWSER_ACCEPT, **{name.replace("_", "-"): value for name, value in headers.items()}}
    response = client.get("/", query_string=link, headers=named)
    assert response.content_type == "text/html; charset=utf-8"
    return Head(response.text)


def image_query(head: Head) -> dict[str, str]:
    query = urlsplit(head.properties["og:image"]).query
    return {name: value for name, (value,) in parse_qs(query, keep_blank_values=True, strict_parsing=True).items()}


@pytest.fixture
def keyed_client(painter: Painter) -> Iterator[FlaskClient]:
    app = create_app(painter, Settings(api_keys="key"))
    yield app.test_client()
    state_of(app).service.renderer.close()


def test_a_running_server_previews_a_link_by_the_picture_that_it_leads_to(tiny_painter: Path) -> None:
    with serving(tiny_painter) as server:
        link = f"{server.address}/?{urlencode({**LINK, 'count': 5, 'pins': '2-103'})}"
        with urlopen(Request(link, headers={"Accept": "*/*"}), timeout=TIMEOUT_SECONDS) as response:
            found = Head(response.read().decode()).properties
        address = found["og:image"]
        assert address.startswith(f"{server.address}/v1/pictures?")
        picture = Image.open(io.BytesIO(server.get(address.removeprefix(server.address))))
    assert (found["og:title"], found["twitter:card"]) == ("a rose", "summary_large_image")
    size = int(found["og:image:width"]), int(found["og:image:height"])
    assert (picture.format, picture.size) == ("JPEG", size) and min(size) >= 600


def test_the_picture_is_that_of_the_whole_recipe(client: FlaskClient) -> None:
    numbers = {"subseed": "3", "subseed_strength": "0.25", "truncation": "0.5"}
    query = image_query(page(client, {**LINK, "painter": "tiny", **numbers}))
    preview = client.get("/v1/pictures", query_string=query)
    expected = {**LINK, **numbers, "size": query["size"], "format": query["format"]}
    assert preview.status_code == 200
    assert preview.data == client.get("/v1/pictures", query_string=expected).data


@settings(max_examples=60, deadline=None, database=None)
@given(prompt=st.text(st.characters(codec="utf-8"), min_size=1, max_size=60) | st.text("\"'<>&;/=-! {}", min_size=1))
@example(prompt='"/><script>alert(1)</script>')
@example(prompt="' onload='x")
@example(prompt="</head><body><!--")
@example(prompt="a & b &amp; &quot;c")
def test_no_prompt_gets_out_of_its_quotes(app: APIFlask, prompt: str) -> None:
    client = app.test_client()
    plain, head = page(client, {}), page(client, {**LINK, "prompt": prompt})
    cleaned = clean_text(prompt).text
    assert [tag for tag in head.tags if tag != "meta"] == [tag for tag in plain.tags if tag != "meta"]
    assert head.properties.get("og:title", "") == cleaned
    if cleaned:
        assert image_query(head)["prompt"] == cleaned


@pytest.mark.parametrize(
    "link",
    [
        {},
        {"prompt": "a rose"},
        {"seed": "7"},
        {**LINK, "seed": "seven"},
        {**LINK, "seed": "-1"},
        {**LINK, "prompt": " \u200b"},
        {**LINK, "painter": "none"},
        {**LINK, "truncation": "9"},
    ],
)
def test_an_address_that_leads_to_no_picture_is_the_page_as_it_is(client: FlaskClient, link: dict[str, str]) -> None:
    assert page(client, link).properties == {}


def test_a_link_of_a_painter_without_prompts_has_a_preview(plain_client: FlaskClient) -> None:
    name = plain_client.get("/v1/painters").json["painters"][0]["name"]  # type: ignore[index]
    head = page(plain_client, {"painter": name, "seed": "7", "prompt": "ignored", "strength": "0.5"})
    assert head.properties["og:title"] == "A painting"
    assert plain_client.get("/v1/pictures", query_string=image_query(head)).status_code == 200


def test_where_keys_are_set_a_link_gives_no_picture_without_one(keyed_client: FlaskClient) -> None:
    assert page(keyed_client, LINK).properties == {}


def test_behind_a_proxy_the_picture_has_the_public_address(client: FlaskClient, painter: Painter) -> None:
    forwarded = {"X_Forwarded_Proto": "https", "X_Forwarded_Host": "flowers.example"}
    assert page(client, LINK, **forwarded).properties["og:image"].startswith("http://localhost/v1/")
    for changed in ({"trusted_proxies": "127.0.0.1"}, {"public_url": "https://flowers.example/"}):
        app = create_app(painter, Settings(**changed))  # type: ignore[arg-type]
        head = page(app.test_client(), LINK, **forwarded)
        assert head.properties["og:image"].startswith("https://flowers.example/v1/pictures?")
        state_of(app).service.renderer.close()


@pytest.mark.parametrize("accept", ["*/*", "text/html,*/*;q=0.5", "image/*, */*;q=0.5"])
def test_crawlers_get_the_page_and_programs_their_answer(client: FlaskClient, accept: str) -> None:
    assert page(client, LINK, Accept=accept).properties
    answer = client.get("/", query_string={**LINK, "input": "a rose"}, headers={"Accept": "*/*"})
    assert answer.json is not None and len(answer.json["images"]) == 5
    assert client.get("/", query_string=LINK, headers={"Accept": "application/json"}).status_code == 400


def test_it_is_compressed_and_revalidated_as_the_page_is(client: FlaskClient) -> None:
    headers = {"Accept": BROWSER_ACCEPT, "Accept-Encoding": "gzip"}
    packed = client.get("/", query_string=LINK, headers=headers)
    plain = client.get("/", query_string=LINK, headers={"Accept": BROWSER_ACCEPT})
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Cache-Control"] == "no-cache" and {"Accept", "Accept-Encoding"} <= set(packed.vary)
    again = client.get("/", query_string=LINK, headers={**headers, "If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get("/", query_string={**LINK, "seed": "8"}, headers=headers)
    assert other.headers["ETag"] != packed.headers["ETag"]
