import gzip
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from painting.data.digits.idx import MAX_CONTENT_BYTES, read_idx
from painting.errors import DataError

HEADER = struct.pack(">HBBIII", 0, 8, 3, 2, 3, 4)
GOOD = HEADER + bytes(range(24))
PACKED = gzip.compress(GOOD, mtime=0)  # the same in every process that collects these tests


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "pictures"


@pytest.mark.parametrize("content", [GOOD, PACKED])
def test_bytes_come_in_the_order_of_the_header(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    array = read_idx(path, 3)
    np.testing.assert_array_equal(array, np.arange(24, dtype=np.uint8).reshape(2, 3, 4))


@pytest.mark.parametrize(("content", "sentence"), [
    (b"", "not an IDX file of pictures (it begins with nothing)"),
    (b"\x89PNG", "not an IDX file of pictures (it begins with 89504e47)"),
    (struct.pack(">HBBI", 0, 8, 1, 24) + bytes(24), "not an IDX file of pictures (it begins with 00000801)"),
    (struct.pack(">HBBIII", 0, 13, 3, 1, 1, 1) + bytes(4), "not an IDX file of pictures (it begins with 00000d03)"),
    (GOOD[:10], "ends within its header"),
    (GOOD[:-1], "announces 24 bytes in its header and holds only 23"),
    (GOOD + b"x", "announces 24 bytes in its header and holds more"),
    (PACKED[:-9], "is truncated or damaged and cannot be unpacked; fetch it again"),
    (PACKED[:12], "is truncated or damaged"),
    (PACKED[:-8] + bytes(8), "is truncated or damaged"),
    (b"\x1f\x8b" + bytes(40), "is truncated or damaged"),
    (gzip.compress(GOOD[:-1], mtime=0), "holds only 23"),
])  # fmt: skip
def test_a_broken_file_is_one_sentence_with_its_name(path: Path, content: bytes, sentence: str) -> None:
    path.write_bytes(content)
    with pytest.raises(DataError) as raised:
        read_idx(path, 3)
    assert sentence in str(raised.value)
    assert f"'{path}'" in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("packed", [True, False])
def test_a_header_that_promises_gigabytes_takes_no_memory(path: Path, packed: bool) -> None:
    sides = [(2**32 - 1, 28, 28), (MAX_CONTENT_BYTES // 1024, 32, 32)]
    for shape in sides:
        content = struct.pack(">HBBIII", 0, 8, 3, *shape) + bytes(1000)
        path.write_bytes(gzip.compress(content) if packed else content)
        assert_refused_in_little_memory(path, "announces")


def test_a_bomb_is_left_when_it_is_longer_than_its_header(path: Path) -> None:
    path.write_bytes(gzip.compress(GOOD + bytes(40 << 20), 1))
    assert_refused_in_little_memory(path, "holds more")


def assert_refused_in_little_memory(path: Path, message: str) -> None:
    tracemalloc.start()
    with pytest.raises(DataError, match=message):
        read_idx(path, 3)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_idx(tmp_path / "nothing", 3)
    with pytest.raises(DataError, match="cannot be read"):
        read_idx(tmp_path, 3)
