"""The page of a site is the built one, with what a host of static files does not send."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from painting.errors import InvalidRequest
from painting.site.page import page_files


class Tags(HTMLParser):
    """The tags of a page, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def files_of(preview: str = "samples/tiny.webp") -> dict[str, bytes]:
    return {file.address: file.content for file in page_files(preview)}


def test_the_page_says_before_all_scripts_what_it_may_load_and_that_it_paints_by_itself(built_page: Path) -> None:
    tags = Tags(files_of()["index.html"].decode()).found
    head = [attributes for _, attributes in tags[2:5]]
    assert head[0] == {"charset": "utf-8"}
    assert head[1]["http-equiv"] == "Content-Security-Policy"
    policy = str(head[1]["content"])
    assert policy.startswith("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';")
    assert "http" not in policy and "*" not in policy and "unsafe-inline" not in policy
    assert head[2] == {"name": "painting-engine", "content": "browser"}


def test_a_link_s_preview_shows_a_sample(built_page: Path) -> None:
    tags = Tags(files_of("samples/roses.webp")["index.html"].decode()).found
    preview = {str(tag["property"]): tag["content"] for _, tag in tags if "property" in tag}
    assert preview["og:image"] == "./samples/roses.webp"
    assert preview["og:title"] == "Painting with Neural Nets"
    assert "in your browser" in str(preview["og:description"])


def test_the_page_has_no_address_of_another_host_or_of_the_root(built_page: Path) -> None:
    html = files_of()["index.html"].decode()
    assert not re.search(r"//|(?:href|src|content)=\"/", html)


def test_assets_are_copied_and_the_page_can_be_installed(built_page: Path) -> None:
    files = files_of()
    assert files["assets/index-1.js"] == b"export {}"
    manifest = json.loads(files["manifest.webmanifest"])
    assert (manifest["start_url"], manifest["display"]) == (".", "standalone")
    assert [files[icon["src"]] for icon in manifest["icons"]] == [b"<svg/>"]
    assert {"rel": "manifest", "href": "./manifest.webmanifest"} in [
        attributes for _, attributes in Tags(files["index.html"].decode()).found
    ]


def test_a_page_that_is_not_built_is_an_error(built_page: Path) -> None:
    (built_page / "index.html").unlink()
    with pytest.raises(InvalidRequest, match="the page is not built: run `npm ci && npm run build` in frontend"):
        page_files("samples/tiny.webp")
