import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from painting.evaluation.scratch import LOCK, PREFIX, CannotWrite, refused, workplace

KILLED = """
import os, sys
from pathlib import Path
from painting.evaluation.scratch import workplace
with workplace(Path(sys.argv[1])) as folder:
    (folder / "pictures.npy").write_bytes(b"pictures")
    sys.stdout.write(folder.name)
    sys.stdout.flush()
    os._exit(9)
"""


def folders(parent: Path) -> set[str]:
    return {path.name for path in parent.glob(f"{PREFIX}*")}


def test_a_workplace_is_empty_and_gone_at_its_end_even_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), workplace(tmp_path / "features") as folder:
        assert [path.name for path in folder.iterdir()] == [LOCK]
        (folder / "pictures.npy").write_bytes(b"pictures")
        raise ZeroDivisionError
    assert folders(tmp_path / "features") == set()


def test_what_a_killed_evaluation_left_is_removed_at_the_next_start(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], capture_output=True, text=True, check=False)
    assert killed.returncode == 9 and folders(tmp_path) == {killed.stdout}
    with workplace(tmp_path) as folder:
        assert folders(tmp_path) == {folder.name} != {killed.stdout}


def test_evaluations_at_the_same_time_leave_each_other_alone(tmp_path: Path) -> None:
    with workplace(tmp_path) as first:
        (first / "pictures.npy").write_bytes(b"pictures")
        with workplace(tmp_path) as second:
            assert folders(tmp_path) == {first.name, second.name}
        assert (first / "pictures.npy").read_bytes() == b"pictures"


def test_what_was_killed_before_it_could_lock_its_folder_is_removed_too(tmp_path: Path) -> None:
    (tmp_path / f"{PREFIX}halfway").mkdir()
    with workplace(tmp_path) as folder:
        assert folders(tmp_path) == {folder.name}


def test_nothing_is_cleared_while_another_is_making_its_folder(tmp_path: Path) -> None:
    (tmp_path / f"{PREFIX}new").mkdir()
    begun = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.DEVNULL)
    with FileLock(tmp_path / LOCK):
        with pytest.raises(subprocess.TimeoutExpired):
            begun.wait(timeout=1.5)
        assert f"{PREFIX}new" in folders(tmp_path)
    assert begun.wait(timeout=60) == 9
    assert f"{PREFIX}new" not in folders(tmp_path)


def test_what_the_disk_refuses_is_told_apart_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "features").write_bytes(b"a file where a folder should be")
    with pytest.raises(CannotWrite) as problem, workplace(tmp_path / "features"):
        pass
    assert problem.value.strerror == "File exists"
    with pytest.raises(CannotWrite, match="No space"), refused():
        raise OSError(28, os.strerror(28))
