"""Painters are found by name or path, and a wrong one is refused with the names that there are."""

import shutil
from pathlib import Path

import pytest

import painting
from painting.errors import InvalidRequest
from painting.painters import catalog


@pytest.fixture
def bundled(tiny_painter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of bundled painters: shapes and digits."""
    folder = tmp_path / "bundled"
    folder.mkdir()
    for name in ("shapes", "digits"):
        shutil.copy(tiny_painter, folder / f"{name}.painter")
    monkeypatch.setattr(catalog, "BUNDLED_FOLDER", folder)
    return folder


def test_bundled_painters_are_found_by_name(bundled: Path) -> None:
    assert catalog.names() == ["digits", "shapes"]
    assert catalog.find("shapes") == bundled / "shapes.painter"
    assert painting.load("shapes").size == 16


def test_flowers_is_the_default_and_the_first_one_stands_in(bundled: Path) -> None:
    assert catalog.default_name() == "digits"
    assert painting.load().size == 16
    shutil.copy(bundled / "shapes.painter", bundled / "flowers.painter")
    assert catalog.default_name() == "flowers"


def test_a_file_is_found_by_its_path(tiny_painter: Path) -> None:
    assert catalog.find(tiny_painter) == catalog.find(str(tiny_painter)) == tiny_painter


@pytest.mark.parametrize("name", ["roses", "", "../shapes", "shapes.painter", "nul\x00", "x" * 10_000])
def test_an_unknown_name_lists_the_known_ones(bundled: Path, name: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        catalog.find(name)
    assert len(str(caught.value)) < 250
    assert "digits, shapes" in str(caught.value) or "is not a painter file" in str(caught.value)


def test_without_any_bundled_painter_the_error_says_what_to_give(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog, "BUNDLED_FOLDER", tmp_path / "nothing")
    assert catalog.names() == []
    with pytest.raises(InvalidRequest, match="give the path of a painter file"):
        painting.load()
