"""Zip files are read member by member, within limits."""

import struct
import zipfile
from pathlib import Path

import pytest

from painting.errors import TextEncoderError
from painting.files.archive import check_hashes, read_members, sha256

LIMITS = {"a.json": 100, "b.bin": 1 << 22}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "members.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.json", b"{}")
        file.writestr("b.bin", bytes(range(256)) * 100)
    return path


def test_members_within_their_limits_are_read(archive: Path) -> None:
    assert read_members(archive, LIMITS, TextEncoderError) == {"a.json": b"{}", "b.bin": bytes(range(256)) * 100}


def test_ignored_members_may_be_there_and_are_not_read(archive: Path) -> None:
    with zipfile.ZipFile(archive, "a") as file:
        file.writestr("LICENSE", b"free")
    with pytest.raises(TextEncoderError, match="'LICENSE'"):
        read_members(archive, LIMITS, TextEncoderError)
    assert set(read_members(archive, LIMITS, TextEncoderError, ignored={"LICENSE"})) == set(LIMITS)


def test_a_member_beyond_its_limit_is_refused(archive: Path) -> None:
    with pytest.raises(TextEncoderError, match=r"b.bin claims 25600 bytes; at most 1000 are allowed"):
        read_members(archive, LIMITS | {"b.bin": 1000}, TextEncoderError)


def test_a_member_that_unpacks_to_far_more_is_refused(archive: Path) -> None:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.json", b"{}")
        file.writestr("b.bin", bytes(1 << 22))
    with pytest.raises(TextEncoderError, match="claims to unpack from"):
        read_members(archive, LIMITS, TextEncoderError)


def test_an_encrypted_member_is_refused(archive: Path) -> None:
    content = bytearray(archive.read_bytes())
    for start in (b"PK\x03\x04", b"PK\x01\x02"):
        content[content.index(start) + (6 if start[2] == 3 else 8)] |= 1
    archive.write_bytes(content)
    with pytest.raises(TextEncoderError, match="damaged or of another kind"):
        read_members(archive, LIMITS, TextEncoderError)


def test_a_directory_of_many_members_is_refused_unread(archive: Path) -> None:
    with zipfile.ZipFile(archive, "a") as file:
        for number in range(2000):
            file.writestr(f"{number}", b"")
    with pytest.raises(TextEncoderError, match="its directory takes"):
        read_members(archive, LIMITS, TextEncoderError)


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_method_of_packing_that_may_take_any_memory_is_refused(archive: Path, method: int) -> None:
    with zipfile.ZipFile(archive, "w", method) as file:
        file.writestr("a.json", b"{}")
        file.writestr("b.bin", b"1")
    with pytest.raises(TextEncoderError, match="packed by another method"):
        read_members(archive, LIMITS, TextEncoderError)


def test_members_that_claim_another_size_or_overlap_are_refused(archive: Path) -> None:
    content = archive.read_bytes()
    entry = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 1)  # of b.bin
    for place, field in ((24, struct.pack("<L", 7)), (20, struct.pack("<L", 7)), (42, struct.pack("<L", 0))):
        archive.write_bytes(content[: entry + place] + field + content[entry + place + 4 :])
        with pytest.raises(TextEncoderError, match="damaged or of another kind"):
            read_members(archive, LIMITS, TextEncoderError)


def test_a_comment_or_anything_else_behind_the_end_is_refused(archive: Path) -> None:
    with zipfile.ZipFile(archive, "a") as file:
        file.comment = b"made by hand"
    with pytest.raises(TextEncoderError, match="damaged or of another kind"):
        read_members(archive, LIMITS, TextEncoderError)


def test_hashes_must_name_exactly_the_members() -> None:
    members = {"a": b"1", "b": b"2"}
    right = {name: sha256(content) for name, content in members.items()}
    check_hashes(members, right, TextEncoderError)
    for wrong in ({}, {"a": right["a"]}, right | {"c": "0"}):
        with pytest.raises(TextEncoderError, match="list of members"):
            check_hashes(members, wrong, TextEncoderError)
    with pytest.raises(TextEncoderError, match="b is not the one it was made with"):
        check_hashes(members, right | {"b": right["a"]}, TextEncoderError)
