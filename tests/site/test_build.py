"""A site is complete: whatever its index, its page and its worker name is there, byte for byte."""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import MakePainter

from painting.errors import InvalidRequest, PainterFileError
from painting.site.build import RUNTIME_FILE, StaticSite, build_site, reading_words

ROOT = Path(__file__).parents[2]
INSTALLED_RUNTIME = ROOT / "frontend" / "node_modules" / "onnxruntime-web" / "dist" / RUNTIME_FILE.stem


@pytest.fixture
def site(built_page: Path, tiny_painter: Path, unconditional_painter: Path) -> StaticSite:
    return build_site([str(tiny_painter), str(unconditional_painter)])


def contents(site: StaticSite) -> dict[str, bytes]:
    return {file.address: file.content for file in site.files}


def index_of(site: StaticSite) -> dict[str, Any]:
    index: dict[str, Any] = json.loads(contents(site)["site.json"])
    return index


def references(value: Any) -> Iterator[dict[str, Any]]:
    """All files that an index names."""
    if isinstance(value, dict):
        if set(value) == {"file", "bytes", "sha256"}:
            yield value
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def test_whatever_the_index_names_is_there_with_its_bytes(site: StaticSite) -> None:
    files, index = contents(site), index_of(site)
    named = list(references(index))
    assert len(named) == 7  # the runtime, word lists, a graph, a tokenizer, two painters, one painter's examples
    for file in named:
        content = files[file["file"]]
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"])
        assert file["sha256"][:12] in file["file"]
    for painter in index["painters"]:
        assert files[painter["samples"].removeprefix("/")].startswith(b"RIFF")


def test_whatever_the_page_and_the_worker_name_is_there(site: StaticSite) -> None:
    files = contents(site)
    in_page = re.findall(r'(?:href|src|content)="\./([^"]+)"', files["index.html"].decode())
    in_worker = re.findall(r'^  "([^"]+)"', files["sw.js"].decode(), re.MULTILINE)
    assert len(in_page) == 4 and "./" in in_worker
    assert {name for name in {*in_page, *in_worker} if name != "./"} <= set(files)


def test_the_first_painter_is_the_default_and_is_loaded_first(site: StaticSite) -> None:
    painters = index_of(site)["painters"]
    assert [painter["name"] for painter in painters] == ["tiny", "plain"]
    assert {painters[0]["file"]["file"], painters[0]["examples"]["file"]} <= site.first
    assert painters[1]["file"]["file"] not in site.first
    assert not any(address.startswith("encoders/") for address in site.first)
    assert site.first_bytes < site.total_bytes == sum(map(len, contents(site).values()))


def test_the_same_painters_give_the_same_bytes(
    site: StaticSite, tiny_painter: Path, unconditional_painter: Path
) -> None:
    assert contents(build_site([str(tiny_painter), str(unconditional_painter)])) == contents(site)


def test_the_runtime_is_the_one_that_the_page_is_built_with() -> None:
    stated = json.loads((RUNTIME_FILE.parent / "runtime.json").read_text())
    digest = hashlib.sha256(gzip.decompress(RUNTIME_FILE.read_bytes())).hexdigest()
    assert digest == stated["sha256"]
    page = json.loads((ROOT / "frontend" / "package.json").read_text())
    assert page["dependencies"]["onnxruntime-web"] == stated["version"], "run: python -m scripts.copy_runtime"
    if INSTALLED_RUNTIME.is_file():
        assert digest == hashlib.sha256(INSTALLED_RUNTIME.read_bytes()).hexdigest()


def test_word_lists_are_sorted_and_hold_phrases_as_words() -> None:
    words = reading_words()
    assert all(found == sorted(found) and found for found in words.values())
    assert ["best", "quality"] in words["boilerplate_phrases"] and "und" in words["foreign_words"]


def test_two_painters_of_one_name_are_refused(built_page: Path, make_painter: MakePainter, tmp_path: Path) -> None:
    first = make_painter(conditional=False).rename(tmp_path / "first.painter")
    second = make_painter(conditional=False)
    with pytest.raises(InvalidRequest, match="two painters have the name 'tiny'"):
        build_site([str(first), str(second)])


@pytest.mark.parametrize(("named", "error"), [("none", InvalidRequest), ("broken", PainterFileError)])
def test_an_unknown_and_a_broken_painter_are_refused(
    built_page: Path, named: str, error: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("broken").write_bytes(b"no zip")
    with pytest.raises(error, match=named):
        build_site([named])
