import json
import os
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from painting.atomic_file import remove, rename, write_atomic, write_json_atomic


def test_a_file_is_written_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "about.json"
    write_atomic(path, b"first, and longer")
    write_atomic(path, b"second")
    assert path.read_bytes() == b"second"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("stop", [OSError, KeyboardInterrupt])
def test_what_is_stopped_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, stop: type[BaseException]
) -> None:
    def fail(*_: object) -> None:
        raise stop

    path = tmp_path / "about.json"
    write_atomic(path, b"old")
    monkeypatch.setattr(os, step, fail)
    with pytest.raises(stop):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def held(tries: int, winerror: int | None = 32) -> Callable[..., None]:
    """A rename or removal that fails so many times, as on Windows while another program has the file open."""
    errors = [PermissionError(13, "Permission denied")] * tries
    for error in errors:
        error.winerror = winerror  # type: ignore[attr-defined]

    def change(*_: object, **__: object) -> None:
        if errors:
            raise errors.pop()

    return change


@pytest.mark.parametrize(("tries", "winerror", "slept"), [(0, 32, 0), (3, 32, 3), (5, 5, 5), (6, 32, 5), (1, None, 0)])
@pytest.mark.parametrize("change", ["rename", "remove"])
def test_a_held_file_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, tries: int, winerror: int | None, slept: int, change: str
) -> None:
    naps: list[float] = []
    monkeypatch.setattr("time.sleep", naps.append)
    monkeypatch.setattr(os, "replace", held(tries, winerror))
    monkeypatch.setattr(Path, "unlink", held(tries, winerror))
    fails = tries > 5 or (tries > 0 and winerror is None)
    with pytest.raises(PermissionError) if fails else nullcontext():
        rename(Path("a"), Path("b")) if change == "rename" else remove(Path("a"))
    assert len(naps) == slept


def test_a_folder_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_atomic(tmp_path / "missing" / "about.json", b"new")


@pytest.mark.parametrize("name", ["rose", "rosé", "роза", os.fsdecode(b"ros\xe9"), "\ud800", "back\\slash"])
def test_a_name_in_json_is_read_back_as_it_was(tmp_path: Path, name: str) -> None:
    path = tmp_path / "names.json"
    write_json_atomic(path, {name: [name]})
    assert json.loads(path.read_text(encoding="utf-8")) == {name: [name]}


def test_names_stay_readable_in_json(tmp_path: Path) -> None:
    write_json_atomic(tmp_path / "names.json", ["роза"])
    assert "роза" in (tmp_path / "names.json").read_text(encoding="utf-8")
