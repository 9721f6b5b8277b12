import os
import time
from pathlib import Path

import pytest

from painting.data.cache import UNFINISHED_PREFIX, cache_write_error, default_cache, digest, remove_unfinished
from painting.errors import DataError


def test_a_digest_keeps_parts_apart() -> None:
    assert len({digest("ab", "c"), digest("a", "bc"), digest("abc"), digest("c", "ab")}) == 4


def test_the_cache_is_where_the_user_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PAINTING_CACHE", str(tmp_path))
    assert default_cache() == tmp_path
    monkeypatch.delenv("PAINTING_CACHE")
    assert default_cache() == Path.home() / ".cache" / "painting"


def test_without_a_home_folder_the_error_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("PAINTING_CACHE", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(DataError, match="set PAINTING_CACHE"):
        default_cache()


def test_a_cache_that_cannot_be_written_says_why_and_what_to_do(tmp_path: Path) -> None:
    error = cache_write_error(tmp_path, OSError(28, "No space left on device"))
    assert str(error) == (
        f"the cache '{tmp_path}' cannot be written (No space left on device); "
        "make room or set PAINTING_CACHE to another folder"
    )


def test_only_what_was_left_unfinished_a_day_ago_is_removed_unless_no_other_process_writes(tmp_path: Path) -> None:
    old_file = tmp_path / f"{UNFINISHED_PREFIX}file"
    old_folder = tmp_path / f"{UNFINISHED_PREFIX}folder"
    young = tmp_path / f"{UNFINISHED_PREFIX}young"
    finished = tmp_path / "finished.npy"
    old_folder.mkdir()
    (old_folder / "pictures.npy").write_bytes(b"half")
    for path in (old_file, young, finished):
        path.write_bytes(b"half")
    two_days_ago = time.time() - 2 * 86_400
    for path in (old_file, old_folder, finished):
        os.utime(path, (two_days_ago, two_days_ago))
    remove_unfinished(tmp_path)
    assert set(tmp_path.iterdir()) == {young, finished}
    remove_unfinished(tmp_path, at_once=True)
    assert set(tmp_path.iterdir()) == {finished}
    remove_unfinished(tmp_path / "missing")
