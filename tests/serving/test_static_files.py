"""Files held in memory: media types, compression, caching and conditional requests."""

import gzip
import mimetypes
from pathlib import Path

import pytest
from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

from painting.serving.static_files import MIN_GZIP_BYTES, StaticFile, StaticFiles
from painting.site.files import SiteFile

FLASK_APP = Flask("static files")
SCRIPT_CONTENT = b"let flowers = 1\n" * MIN_GZIP_BYTES


@pytest.fixture
def files(tmp_path: Path) -> StaticFiles:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_bytes(b"<!doctype html>")
    (tmp_path / "assets" / "index-Ab12.js").write_bytes(SCRIPT_CONTENT)
    (tmp_path / "assets" / "rose.png").write_bytes(bytes(2 * MIN_GZIP_BYTES))
    return StaticFiles(tmp_path)


def get(files: StaticFiles, name: str, **headers: str) -> Response:
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    with FLASK_APP.test_request_context("/", headers=named):
        return files.response(name, request)


def test_text_is_compressed_for_clients_that_accept_it(files: StaticFiles) -> None:
    compressed = get(files, "assets/index-Ab12.js", Accept_Encoding="gzip")
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(compressed.data) == SCRIPT_CONTENT
    assert get(files, "assets/index-Ab12.js").data == SCRIPT_CONTENT


@pytest.mark.parametrize("name", ["index.html", "assets/rose.png"])
def test_short_files_and_pictures_are_not_compressed(files: StaticFiles, name: str) -> None:
    assert "Content-Encoding" not in get(files, name, Accept_Encoding="gzip").headers


@pytest.mark.parametrize(
    ("name", "media_type", "caching"),
    [
        ("index.html", "text/html; charset=utf-8", "no-cache"),
        ("assets/index-Ab12.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
        ("assets/rose.png", "image/png", "public, max-age=31536000, immutable"),
    ],
)
def test_a_file_has_its_media_type_and_its_caching(
    files: StaticFiles, name: str, media_type: str, caching: str
) -> None:
    headers = get(files, name).headers
    assert (headers["Content-Type"], headers["Cache-Control"]) == (media_type, caching)
    assert headers["Vary"] == "Accept-Encoding"


def test_an_unchanged_file_costs_a_304(files: StaticFiles) -> None:
    etag = get(files, "index.html").headers["ETag"]
    assert get(files, "index.html", If_None_Match=etag).status_code == 304
    assert get(files, "index.html", If_None_Match='"another"').status_code == 200


@pytest.mark.parametrize("name", ["none.js", "../index.html", "/etc/passwd", "assets", ""])
def test_no_name_reaches_another_file(files: StaticFiles, name: str) -> None:
    with pytest.raises(NotFound):
        get(files, name)


def test_a_file_that_appears_later_is_not_served(files: StaticFiles, tmp_path: Path) -> None:
    (tmp_path / "later.txt").write_bytes(b"later")
    with pytest.raises(NotFound):
        get(files, "later.txt")


def test_the_system_s_own_table_of_media_types_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows' registry may call JavaScript plain text, which no browser runs as a module."""
    monkeypatch.setattr(mimetypes, "guess_type", lambda name: ("text/plain", None))
    (tmp_path / "page.js").write_text("export {}")
    assert StaticFile.read(tmp_path / "page.js").media_type == "text/javascript; charset=utf-8"


@pytest.mark.parametrize(
    ("name", "media_type", "caching"),
    [
        ("engine/ort-0123456789ab.wasm.gz", "application/gzip", "public, max-age=31536000, immutable"),
        ("painters/a-0123456789ab.painter", "application/octet-stream", "public, max-age=31536000, immutable"),
        ("site.json", "application/json", "no-cache"),
        ("sw.js", "text/javascript; charset=utf-8", "no-cache"),
        ("assets/ort-1.mjs", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
        ("samples/a-0123456789ab.webp", "image/webp", "public, max-age=31536000, immutable"),
        ("manifest.webmanifest", "application/manifest+json", "no-cache"),
    ],
)
def test_a_site_s_files_are_sent_as_they_are(tmp_path: Path, name: str, media_type: str, caching: str) -> None:
    site = StaticFiles(tmp_path, [SiteFile(name, b"packed")])
    response = get(site, name, Accept_Encoding="gzip")
    assert response.data == b"packed" and "Content-Encoding" not in response.headers
    assert (response.headers["Content-Type"], response.headers["Cache-Control"]) == (media_type, caching)


def test_a_site_s_page_takes_the_place_of_the_folder_s(files: StaticFiles, tmp_path: Path) -> None:
    site = StaticFiles(tmp_path, [SiteFile("index.html", b"<!doctype html><title>another")])
    assert get(site, "index.html").data == b"<!doctype html><title>another"
    assert "assets/rose.png" in site and "assets/none.png" not in site
