import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from painting.data.folder import walk
from painting.data.folder.walk import FolderWalk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.png", "a/c.png", "a/d.png"):
        path = tmp_path / "set" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path / "set"


def test_all_files_are_found_by_name(folder: Path) -> None:
    walk = FolderWalk(folder)
    assert (walk.names, walk.issues) == (["a/c.png", "a/d.png", "b.png"], [])
    assert FolderWalk(folder, without={"a"}).names == ["b.png"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("._b.png", "system file"), (".DS_Store", "hidden"), ("Thumbs.db", "system file"),
        ("a/DESKTOP.INI", "system file"),
        ("__MACOSX/._b.png", "system file"), (".git/config", "hidden"), ("@eaDir/b.png/SYNOPHOTO.jpg", "system file"),
    ],
)  # fmt: skip
def test_files_of_the_system_are_named_once_and_counted(folder: Path, name: str, kind: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    walk = FolderWalk(folder)
    assert [(issue.kind, issue.unused_files, issue.skipped) for issue in walk.issues] == [(kind, 1, False)]
    assert len(walk.names) == 3


def test_a_folder_of_the_system_counts_with_all_its_files(folder: Path) -> None:
    (folder / "__MACOSX" / "a").mkdir(parents=True)
    for name in ("._b.png", "a/._c.png"):
        (folder / "__MACOSX" / name).write_bytes(b"x")
    (folder / "__MACOSX" / "link").symlink_to(folder / "a")
    assert [issue.unused_files for issue in FolderWalk(folder).issues] == [3]


@pytest.mark.parametrize("inside", [True, False])
def test_a_linked_folder_is_named_wherever_it_leads(folder: Path, tmp_path: Path, inside: bool) -> None:
    target = folder / "a" if inside else tmp_path / "other"
    target.mkdir(exist_ok=True)
    (folder / "roses").symlink_to(target)
    (issue,) = FolderWalk(folder).issues
    assert (issue.where, issue.kind, issue.unused_files) == ("roses", "linked folder", 1)
    assert "copy or move its pictures here" in str(issue)


def test_a_junction_is_a_linked_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "again").mkdir()
    (folder / "again" / "e.png").write_bytes(b"x")
    (folder / "__MACOSX" / "again").mkdir(parents=True)
    monkeypatch.setattr(walk, "is_junction", lambda path: Path(path).name == "again")
    found = FolderWalk(folder)
    assert found.names == ["a/c.png", "a/d.png", "b.png"]
    assert [(issue.where, issue.kind, issue.unused_files) for issue in found.issues] == [
        ("__MACOSX", "system file", 1),
        ("again", "linked folder", 1),
    ]


def test_a_junction_is_known_by_windows_tag(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not walk.is_junction(str(folder))
    monkeypatch.setattr(os, "lstat", lambda path: SimpleNamespace(st_reparse_tag=0xA0000003))
    assert walk.is_junction(str(folder))


def test_a_link_to_its_own_folder_ends(folder: Path) -> None:
    (folder / "a" / "again").symlink_to(folder)
    (folder / "ring.png").symlink_to(folder / "ring.png")
    walk = FolderWalk(folder)
    assert {issue.where: issue.kind for issue in walk.issues} == {
        "a/again": "linked folder",
        "ring.png": "refused path",
    }


def test_a_subfolder_that_cannot_be_listed_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def refuse(path: str | Path) -> object:
        if Path(path).name == "a":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    walk = FolderWalk(folder)
    assert walk.names == ["b.png"]
    assert "a: is a folder that cannot be listed (Permission denied)" in str(walk.issues[0])


@pytest.mark.parametrize(("name", "skipped"), [("out.png", True), ("out.txt", False), ("out", False)])
def test_only_a_link_named_like_a_picture_loses_one(folder: Path, tmp_path: Path, name: str, skipped: bool) -> None:
    (tmp_path / "outside").write_bytes(b"x")
    (folder / name).symlink_to(tmp_path / "outside")
    (issue,) = FolderWalk(folder).issues
    assert (issue.skipped, issue.unused_files) == (skipped, 1)
    assert "copy that file here" in str(issue)
