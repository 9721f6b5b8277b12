"""A sealed object is read back as it was written, and not at all once a single bit of it means something else."""

import json
from pathlib import Path
from typing import Any

import pytest

from painting.files.sealed_json import DamagedJson, read_sealed, seal, unseal, write_sealed

VALUES: dict[str, Any] = {"step": 12, "seconds": 3.25, "name": "Blüte", "deep": {"list": [1, None, True]}}


def test_an_object_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "position.json"
    write_sealed(path, VALUES)
    assert read_sealed(path) == VALUES
    assert unseal(seal(VALUES)) == VALUES


def test_a_tuple_is_read_back_as_a_list_and_a_number_beyond_json_as_it_was() -> None:
    assert unseal(seal({"sizes": (1, 2)})) == {"sizes": [1, 2]}
    assert unseal(seal({"loss": float("inf")})) == {"loss": float("inf")}


def test_keys_may_come_in_any_order() -> None:
    sealed = json.loads(seal(VALUES))
    assert unseal(json.dumps(dict(reversed(sealed.items()))).encode()) == VALUES


def test_every_flipped_bit_is_noticed_or_changes_nothing() -> None:
    sealed = seal(VALUES)
    for place in range(8 * len(sealed)):
        flipped = bytearray(sealed)
        flipped[place // 8] ^= 1 << place % 8
        try:
            assert unseal(bytes(flipped)) == VALUES
        except DamagedJson:
            continue


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b'{"step": 12}',
        b'{"checksum": []}',
        bytes(64),
        b"\xff\xfe{}",
        b"[" * 100_000,
        seal(VALUES)[:-20],
        seal(VALUES)[:-20] + bytes(20),
    ],
    ids=lambda content: repr(content[:20]),
)
def test_anything_else_is_damaged(content: bytes) -> None:
    with pytest.raises(DamagedJson):
        unseal(content)


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_sealed(tmp_path / "none.json")
