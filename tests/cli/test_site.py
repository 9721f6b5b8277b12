"""`painting site` writes a site that a plain file server can send, or says why it cannot."""

import json
from pathlib import Path

import pytest

from painting.cli import run as painting

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_site_is_written_and_what_it_weighs_is_said(folder: Path, capsys: Captured) -> None:
    assert painting(["site", "shapes", "digits", "--out", "a/site"]) == 0
    files = contents(folder / "a" / "site")
    assert [each["name"] for each in json.loads(files["site.json"])["painters"]] == ["shapes", "digits"]
    megabytes = sum(map(len, files.values())) / 1e6
    said = capsys.readouterr().out
    assert said.startswith(f"Wrote a/site: {len(files)} files, {megabytes:.1f} MB, of which a browser loads ")
    assert said.endswith("Try it: python -m http.server --directory a/site\n")


def test_a_site_is_written_again_with_the_same_bytes(folder: Path) -> None:
    assert painting(["site", "digits"]) == 0
    before = contents(folder)
    assert painting(["site", "digits"]) == 0
    assert contents(folder) == before


def test_an_error_leaves_the_former_site(folder: Path, capsys: Captured) -> None:
    assert painting(["site", "digits"]) == 0
    before = contents(folder)
    (folder.parent / "broken.painter").write_bytes(b"no zip")
    assert painting(["site", "digits", "../broken.painter"]) == 2
    assert "cannot use the painter file ../broken.painter" in capsys.readouterr().err
    assert painting(["site", "none"]) == 2
    assert "there is no painter 'none'" in capsys.readouterr().err
    assert contents(folder) == before


def test_a_folder_of_other_files_is_refused_before_anything_is_loaded(
    folder: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "thesis.txt").write_text("years of work")
    monkeypatch.setattr("painting.site.build.build_site", None)
    assert painting(["site", "digits", "--out", "."]) == 2
    assert "holds other files than a site" in capsys.readouterr().err
