import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from painting.data.array_cache import WriteError
from painting.evaluation.scratch import LOCK_FILE, SCRATCH_PREFIX, scratch_folder

KILLED = """
import os, sys
from pathlib import Path
from painting.evaluation.scratch import scratch_folder
with scratch_folder(Path(sys.argv[1])) as folder:
    (folder / "pictures.npy").write_bytes(b"pictures")
    sys.stdout.write(folder.name)
    sys.stdout.flush()
    os._exit(9)
"""


def folders(parent: Path) -> set[str]:
    return {path.name for path in parent.glob(f"{SCRATCH_PREFIX}*")}


def test_a_scratch_folder_is_empty_and_gone_at_its_end_even_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), scratch_folder(tmp_path / "features") as folder:
        assert [path.name for path in folder.iterdir()] == [LOCK_FILE]
        (folder / "pictures.npy").write_bytes(b"pictures")
        raise ZeroDivisionError
    assert folders(tmp_path / "features") == set()


def test_what_a_killed_evaluation_left_is_removed_at_the_next_start(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], capture_output=True, text=True, check=False)
    assert killed.returncode == 9 and folders(tmp_path) == {killed.stdout}
    with scratch_folder(tmp_path) as folder:
        assert folders(tmp_path) == {folder.name} != {killed.stdout}


def test_evaluations_at_the_same_time_leave_each_other_alone(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as first:
        (first / "pictures.npy").write_bytes(b"pictures")
        with scratch_folder(tmp_path) as second:
            assert folders(tmp_path) == {first.name, second.name}
        assert (first / "pictures.npy").read_bytes() == b"pictures"


def test_what_was_killed_before_it_could_lock_its_folder_is_removed_too(tmp_path: Path) -> None:
    (tmp_path / f"{SCRATCH_PREFIX}halfway").mkdir()
    with scratch_folder(tmp_path) as folder:
        assert folders(tmp_path) == {folder.name}


def test_nothing_is_cleared_while_another_is_making_its_folder(tmp_path: Path) -> None:
    (tmp_path / f"{SCRATCH_PREFIX}new").mkdir()
    begun = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.DEVNULL)
    with FileLock(tmp_path / LOCK_FILE):
        with pytest.raises(subprocess.TimeoutExpired):
            begun.wait(timeout=1.5)
        assert f"{SCRATCH_PREFIX}new" in folders(tmp_path)
    assert begun.wait(timeout=60) == 9
    assert f"{SCRATCH_PREFIX}new" not in folders(tmp_path)


def test_a_folder_that_the_disk_refuses_is_a_write_error_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "features").write_bytes(b"a file where a folder should be")
    with pytest.raises(WriteError) as problem, scratch_folder(tmp_path / "features"):
        pass
    assert problem.value.strerror == "File exists"
