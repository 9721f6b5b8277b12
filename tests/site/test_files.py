"""Names of a site's files hold the hash of their content, in letters that every host has."""

import gzip
import hashlib

import pytest

from painting.site.files import SiteFile, file_stem, gzipped, hashed, json_bytes


def test_a_name_holds_the_hash_of_the_content() -> None:
    file = hashed("painters/roses", ".painter", b"roses")
    digest = hashlib.sha256(b"roses").hexdigest()
    assert file.address == f"painters/roses-{digest[:12]}.painter"
    assert file.entry() == {"file": file.address, "bytes": 5, "sha256": digest}
    assert file.is_hashed


@pytest.mark.parametrize(
    ("address", "is_hashed"),
    [
        ("assets/index-Ab12.js", True),
        ("encoders/minilm-l6-graph-0123456789ab.onnx.gz", True),
        ("reading-0123456789ab.json", True),
        ("index.html", False),
        ("site.json", False),
        ("sw.js", False),
        ("icon.svg", False),
    ],
)
def test_only_names_with_a_hash_may_be_kept_for_ever(address: str, is_hashed: bool) -> None:
    assert SiteFile(address, b"").is_hashed is is_hashed


@pytest.mark.parametrize(
    ("name", "stem"), [("roses", "roses"), ("my/../roses 2", "my-roses-2"), ("花", "painter"), ("a" * 300, "a" * 60)]
)
def test_any_painter_s_name_becomes_a_file_s(name: str, stem: str) -> None:
    assert file_stem(name) == stem


def test_the_same_content_is_packed_to_the_same_bytes() -> None:
    assert gzipped(b"roses") == gzipped(b"roses")
    assert gzip.decompress(gzipped(b"roses")) == b"roses"
    assert json_bytes({"b": 1, "a": "é"}) == json_bytes({"a": "é", "b": 1})
