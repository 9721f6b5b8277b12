"""A site's folder is written whole, or stays as it was."""

import errno
from pathlib import Path

import pytest

from painting import atomic_file
from painting.errors import InvalidRequest, PaintingError
from painting.site import writer
from painting.site.files import SiteFile
from painting.site.writer import write_site

OLD_FILES = [SiteFile("site.json", b"old"), SiteFile("painters/old.painter", b"old")]
NEW_FILES = [SiteFile("site.json", b"new"), SiteFile("painters/new.painter", b"new")]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_site_is_written_into_a_new_folder(tmp_path: Path) -> None:
    write_site(NEW_FILES, tmp_path / "a" / "site")
    assert contents(tmp_path) == {"a/site/site.json": b"new", "a/site/painters/new.painter": b"new"}


def test_a_former_site_is_replaced_with_all_its_files(tmp_path: Path) -> None:
    write_site(OLD_FILES, tmp_path / "site")
    write_site(NEW_FILES, tmp_path / "site")
    assert contents(tmp_path) == {"site/site.json": b"new", "site/painters/new.painter": b"new"}


def test_an_empty_folder_is_filled_and_a_link_s_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "target", target_is_directory=True)
    write_site(NEW_FILES, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert contents(tmp_path / "target")["site.json"] == b"new"


def test_a_folder_of_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(InvalidRequest, match="holds other files than a site"):
        write_site(NEW_FILES, tmp_path)
    with pytest.raises(InvalidRequest, match="is a file: give another folder"):
        write_site(NEW_FILES, tmp_path / "thesis.txt")
    assert contents(tmp_path) == {"thesis.txt": b"years of work"}


def test_a_full_disk_leaves_the_former_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_site(OLD_FILES, tmp_path / "site")
    before = contents(tmp_path)
    write_bytes = Path.write_bytes

    def write_until_full(path: Path, content: bytes) -> int:
        if path.suffix == ".painter":
            raise OSError(errno.ENOSPC, "No space left on device")
        return write_bytes(path, content)

    monkeypatch.setattr(Path, "write_bytes", write_until_full)
    with pytest.raises(PaintingError, match=r"cannot write .*site: No space left on device"):
        write_site(NEW_FILES, tmp_path / "site")
    assert contents(tmp_path) == before


def test_a_folder_that_cannot_be_renamed_leaves_the_former_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_site(OLD_FILES, tmp_path / "site")
    before = contents(tmp_path)
    rename = atomic_file.rename

    def refuse_new(path: Path, new: Path) -> None:
        if path.suffix == ".new":
            raise PermissionError(errno.EACCES, "Permission denied")
        rename(path, new)

    monkeypatch.setattr(writer, "rename", refuse_new)
    with pytest.raises(PaintingError, match="Permission denied"):
        write_site(NEW_FILES, tmp_path / "site")
    assert contents(tmp_path) == before
