"""npm fetches packages of one integrity; its failures are errors that say what to do."""

import base64
import hashlib
import io
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from scripts.emoji.packages import Package, fetch, npm_command

from painting.errors import DataError

FAKE_NPM = """
import pathlib, sys
_, tarballs, command, package, option, folder = sys.argv
found = pathlib.Path(tarballs, package.replace("/", "-") + ".tgz")
if (command, option) != ("pack", "--pack-destination") or not found.exists():
    sys.exit("npm error code ENOTFOUND\\nnpm error network request failed")
pathlib.Path(folder, "package.tgz").write_bytes(found.read_bytes())
"""


def write_package(folder: Path, name: str, files: Mapping[str, bytes]) -> Package:
    """Write the tarball of a package, for the fake npm of a folder."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for path, file in files.items():
            member = tarfile.TarInfo(f"package/{path}")
            member.size = len(file)
            archive.addfile(member, io.BytesIO(file))
    digest = base64.b64encode(hashlib.sha512(content.getvalue()).digest()).decode()
    package = Package(name, "1.0.0", f"sha512-{digest}")
    (folder / f"{package.id.replace('/', '-')}.tgz").write_bytes(content.getvalue())
    return package


def fake_npm(folder: Path) -> list[str]:
    """The command of an npm that finds the tarballs of a folder alone."""
    program = folder / "npm.py"
    program.write_text(FAKE_NPM)
    return [sys.executable, str(program), str(folder)]


def test_the_files_of_a_package_are_read(tmp_path: Path) -> None:
    package = write_package(tmp_path, "@someone/names", {"en/data.json": b"[]", "LICENSE": b"MIT"})
    assert fetch(package, fake_npm(tmp_path)) == {"en/data.json": b"[]", "LICENSE": b"MIT"}


def test_another_content_is_refused(tmp_path: Path) -> None:
    package = write_package(tmp_path, "names", {"a": b"1"})
    write_package(tmp_path, "names", {"a": b"2"})
    with pytest.raises(DataError, match=r"names@1\.0\.0 has the integrity .*, expected .*Check npm's registry"):
        fetch(package, fake_npm(tmp_path))


def test_without_a_network_npm_s_own_words_are_repeated(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"cannot fetch names@1\.0\.0: npm error code ENOTFOUND npm .*Check the network"
    ):
        fetch(Package("names", "1.0.0", "sha512-"), fake_npm(tmp_path))


def test_without_npm_its_installation_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DataError, match=r"npm, which fetches the emoji, is not installed. Install Node\.js"):
        npm_command()
