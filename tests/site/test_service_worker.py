"""The service worker knows the site's version and its files."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from painting.site.files import SiteFile
from painting.site.service_worker import service_worker

FILES = [SiteFile("index.html", b"page"), SiteFile("site.json", b"{}"), SiteFile("assets/a-1.js", b"export {}")]


def constant(script: bytes, name: str) -> list[str]:
    match = re.search(rf"^const {name} = (\[.*?\])$", script.decode(), re.MULTILINE | re.DOTALL)
    assert match
    found: list[str] = json.loads(match[1])
    return found


def test_it_has_the_addresses_of_the_first_picture_and_of_what_never_changes() -> None:
    script = service_worker(FILES, ["index.html", "assets/a-1.js"]).content
    assert constant(script, "FIRST") == ["./", "assets/a-1.js"]
    assert constant(script, "HASHED") == ["assets/a-1.js"]
    assert b"%" not in script


def test_any_other_byte_of_the_site_is_another_version() -> None:
    first = service_worker(FILES, []).content
    assert first == service_worker(list(FILES), []).content
    assert first != service_worker([*FILES[:2], SiteFile("assets/a-1.js", b"")], []).content


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
def test_it_is_a_script(tmp_path: Path) -> None:
    file = tmp_path / "sw.js"
    file.write_bytes(service_worker(FILES, ["index.html"]).content)
    subprocess.run(["node", "--check", file], check=True, timeout=60)
