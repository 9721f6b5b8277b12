import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from painting.evaluation.array_file import ChosenRows, FileRows, RowWriter, blocks


@pytest.fixture
def rows(tmp_path: Path) -> FileRows:
    writer = RowWriter(tmp_path / "rows.npy", (7, 2), np.float32)
    values = np.arange(14, dtype=np.float32).reshape(7, 2)
    writer.add(values[:3])
    writer.add(values[3:])
    return writer.close()


def test_a_file_reads_as_the_array_that_was_written(rows: FileRows) -> None:
    assert (len(rows), rows.shape) == (7, (7, 2))
    np.testing.assert_array_equal(rows[2:4], [[4, 5], [6, 7]])
    np.testing.assert_array_equal(rows[np.array([6, 0])], [[12, 13], [0, 1]])
    np.testing.assert_array_equal(np.load(rows.path), rows[:])


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process's memory is read in /proc")
@pytest.mark.parametrize("rows_of", ["rows[::1]", "rows[numpy.arange(10, 20_000, 97)]", "rows[5_000:5_200]"])
def test_what_is_not_asked_for_does_not_come_into_memory(tmp_path: Path, rows_of: str) -> None:
    np.save(tmp_path / "rows.npy", np.zeros((20_000, 1024), np.float32))  # 82 MB
    program = f"""if True:
        import pathlib, re, numpy
        from painting.evaluation.array_file import FileRows
        def peak():
            return 1024 * int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])
        rows = FileRows(pathlib.Path({str(tmp_path / "rows.npy")!r}))
        before = peak()
        read = {rows_of}.nbytes
        print(peak() - before - read)"""
    grown = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert int(grown) < 8e6


def test_a_file_that_is_cut_short_later_is_told(rows: FileRows) -> None:
    content = rows.path.read_bytes()
    rows.path.write_bytes(content[:-4])
    assert rows[:6].shape == (6, 2)
    with pytest.raises(OSError, match="cut short"):
        rows[np.array([6])]


def test_chosen_rows_stand_in_their_own_order(rows: FileRows) -> None:
    chosen = ChosenRows(rows, np.array([5, 1, 3]))
    assert (len(chosen), chosen.shape) == (3, (3, 2))
    np.testing.assert_array_equal(chosen[1:], [[2, 3], [6, 7]])
    np.testing.assert_array_equal(ChosenRows(chosen, np.array([2]))[:], [[6, 7]])


def test_blocks_are_all_rows_once(rows: FileRows) -> None:
    found = list(blocks(rows, 3))
    assert [len(block) for block in found] == [3, 3, 1]
    np.testing.assert_array_equal(np.concatenate(found), rows[:])


def test_a_file_that_was_not_written_to_the_end_is_refused(tmp_path: Path) -> None:
    writer = RowWriter(tmp_path / "part.npy", (7, 2), np.float32)
    writer.add(np.zeros((3, 2), np.float32))
    with pytest.raises((OSError, ValueError)):
        writer.close()
