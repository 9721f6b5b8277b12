from pathlib import Path

import pytest

from painting.data.placeholder import placeholder_reason

LFS_POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


@pytest.mark.parametrize(
    ("content", "cure"),
    [
        (LFS_POINTER, "git lfs pull"),
        (b"/annex/objects/SHA256E-s1--4d7a.jpg\n", "git annex get"),
        (b"\n<!DOCTYPE html><title>404</title>", "download the file again"),
        (b"<html><body>Sign in</body></html>", "download the file again"),
    ],
)
def test_a_file_that_stands_for_another_is_named_with_the_cure(tmp_path: Path, content: bytes, cure: str) -> None:
    (tmp_path / "a.jpg").write_bytes(content)
    assert cure in str(placeholder_reason(tmp_path / "a.jpg"))


@pytest.mark.parametrize("content", [b"", b"a red rose", b"\xff\xd8\xff\xe0", b"version 2 of a rose"])
def test_other_files_are_no_placeholders(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.jpg").write_bytes(content)
    assert placeholder_reason(tmp_path / "a.jpg") is None
