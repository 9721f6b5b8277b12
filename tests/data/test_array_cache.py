import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.damage import damage_file, each_damage

from painting.data.array_cache import (
    CHECKSUM_BYTES,
    ArrayFile,
    DamagedCacheWarning,
    RowSubset,
    WriteError,
    blocks,
    is_intact,
    map_array,
    spans,
    subsample,
    write_array,
    write_errors,
)
from painting.data.cache import UNFINISHED_PREFIX
from painting.images import FloatArray

VALUES = np.arange(14, dtype=np.float32).reshape(7, 2)


@pytest.fixture
def rows(tmp_path: Path) -> ArrayFile:
    write_array(tmp_path / "rows.npy", [VALUES[:3], VALUES[3:]])
    return ArrayFile(tmp_path / "rows.npy")


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_reads_as_the_array_that_was_written(rows: ArrayFile) -> None:
    assert (len(rows), rows.shape) == (7, (7, 2))
    np.testing.assert_array_equal(rows[2:4], [[4, 5], [6, 7]])
    np.testing.assert_array_equal(rows[np.array([6, 0])], [[12, 13], [0, 1]])
    np.testing.assert_array_equal(np.load(rows.path), rows[:])


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process's memory is read in /proc")
@pytest.mark.parametrize("rows_of", ["rows[::1]", "rows[numpy.arange(10, 20_000, 97)]", "rows[5_000:5_200]"])
def test_rows_that_are_not_indexed_do_not_come_into_memory(tmp_path: Path, rows_of: str) -> None:
    np.save(tmp_path / "rows.npy", np.zeros((20_000, 1024), np.float32))  # 82 MB
    program = f"""if True:
        import pathlib, re, numpy
        from painting.data.array_cache import ArrayFile
        def peak():
            return 1024 * int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])
        rows = ArrayFile(pathlib.Path({str(tmp_path / "rows.npy")!r}))
        before = peak()
        read = {rows_of}.nbytes
        print(peak() - before - read)"""
    grown = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert int(grown) < 8e6


def test_a_file_that_is_truncated_later_is_an_error(rows: ArrayFile) -> None:
    content = rows.path.read_bytes()
    rows.path.write_bytes(content[: -4 - CHECKSUM_BYTES])
    assert rows[:6].shape == (6, 2)
    with pytest.raises(OSError, match="cut short"):
        rows[np.array([6])]


def test_chosen_rows_stand_in_their_own_order(rows: ArrayFile) -> None:
    chosen = RowSubset(rows, np.array([5, 1, 3]))
    assert (len(chosen), chosen.shape) == (3, (3, 2))
    np.testing.assert_array_equal(chosen[1:], [[2, 3], [6, 7]])
    np.testing.assert_array_equal(RowSubset(chosen, np.array([2]))[:], [[6, 7]])


def test_blocks_are_all_rows_once(rows: ArrayFile) -> None:
    found = list(blocks(rows, 3))
    assert [len(block) for block in found] == [3, 3, 1]
    np.testing.assert_array_equal(np.concatenate(found), rows[:])


@pytest.mark.parametrize("dtype", [np.uint8, np.float16, np.float32])
def test_an_array_keeps_its_type_and_the_shape_of_its_rows(tmp_path: Path, dtype: type[np.generic]) -> None:
    array = np.arange(24).reshape(4, 2, 3).astype(dtype)
    write_array(tmp_path / "new folder" / "array.npy", (array[i : i + 1] for i in range(4)))
    found = map_array(tmp_path / "new folder" / "array.npy")
    assert isinstance(found, np.memmap) and found.dtype == dtype
    np.testing.assert_array_equal(found, array)


def test_an_array_of_no_row_has_a_shape_too(tmp_path: Path) -> None:
    write_array(tmp_path / "none.npy", [np.empty((0, 4, 3), np.uint8)])
    assert ArrayFile(tmp_path / "none.npy").shape == (0, 4, 3)
    with pytest.raises(ValueError, match="no block"):
        write_array(tmp_path / "shapeless.npy", [])


@pytest.mark.parametrize("stop", [ZeroDivisionError, KeyboardInterrupt, OSError])
def test_what_making_a_block_raises_ends_it_and_leaves_the_old_file(
    tmp_path: Path, rows: ArrayFile, stop: type[BaseException]
) -> None:
    def failing() -> Iterator[FloatArray]:
        yield VALUES
        raise stop

    with pytest.raises(stop) as raised:
        write_array(rows.path, failing())
    assert not isinstance(raised.value, WriteError)
    assert names_in(tmp_path) == ["rows.npy"]
    np.testing.assert_array_equal(ArrayFile(rows.path)[:], VALUES)


KILLED = """
import os, pathlib, signal, sys
import numpy as np
from painting.data.array_cache import write_array

def blocks():
    yield np.ones((5, 2))
    os.kill(os.getpid(), signal.SIGKILL)

write_array(pathlib.Path(sys.argv[1]), blocks())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_what_a_killed_writer_left_is_never_read_and_removed_by_the_next(tmp_path: Path) -> None:
    path = tmp_path / "rows.npy"
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert killed.returncode == -signal.SIGKILL and map_array(path) is None
    (left,) = names_in(tmp_path)
    assert left.startswith(UNFINISHED_PREFIX)
    write_array(path, [VALUES])  # another process may be at work on what is so young
    assert names_in(tmp_path) == [left, "rows.npy"]
    write_array(path, [VALUES], sole_writer=True)
    assert names_in(tmp_path) == ["rows.npy"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is full")
def test_a_full_disk_is_a_write_error_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = Path("/dev/full").open
    monkeypatch.setattr(Path, "open", lambda path, mode: full("wb"))
    with pytest.raises(WriteError) as raised:
        write_array(tmp_path / "rows.npy", [np.zeros((100_000, 8))])
    assert raised.value.strerror == "No space left on device"
    assert names_in(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_a_write_error_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "features").write_bytes(b"a file where a folder should be")
    with pytest.raises(WriteError) as raised:
        write_array(tmp_path / "features" / "rows.npy", [VALUES])
    assert raised.value.strerror in {"File exists", "Not a directory"}


def test_write_errors_keep_their_reason() -> None:
    with pytest.raises(WriteError, match="No space"), write_errors():
        raise OSError(28, os.strerror(28))


@each_damage
def test_a_damaged_file_is_no_array_and_is_reported(rows: ArrayFile, damage: Callable[[bytes], bytes]) -> None:
    damage_file(rows.path, damage)
    with pytest.warns(DamagedCacheWarning, match=r"rows.npy is damaged, or of an older version, and is made anew\.$"):
        assert map_array(rows.path) is None


def test_a_file_of_another_program_is_no_array_of_ours(rows: ArrayFile) -> None:
    np.save(rows.path, VALUES)
    with pytest.warns(DamagedCacheWarning):
        assert not is_intact(rows.path)


def test_every_flipped_bit_is_noticed(rows: ArrayFile) -> None:
    content = rows.path.read_bytes()
    for place in range(len(content)):
        rows.path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.warns(DamagedCacheWarning):
            assert not is_intact(rows.path)


def test_a_missing_file_is_not_reported(tmp_path: Path) -> None:
    assert not is_intact(tmp_path / "none.npy")
    assert map_array(tmp_path / "none.npy") is None


def test_a_subsample_is_spread_evenly(rows: ArrayFile) -> None:
    np.testing.assert_array_equal(subsample(rows, 3)[:], VALUES[[0, 2, 4]])
    assert subsample(rows, 7) is rows


def test_spans_are_all_rows_once() -> None:
    assert spans(7, 3) == [(0, 3), (3, 6), (6, 7)]
    assert spans(0, 3) == []
