"""Where a published network's weights are: a file of the user's, the cache, or a download that is checked."""

import os
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from painting.data.cache import default_cache
from painting.evaluation.extractors.base import WeightsMissing
from painting.files.archive import file_sha256
from painting.progress import TaskProgressCallback

CHUNK = 1 << 20
TIMEOUT_S = 30


@dataclass(frozen=True)
class Published:
    """A file that somebody publishes."""

    name: str
    url: str
    sha256: str
    megabytes: int


def find_weights(published: Published, given: Path | None, download: bool, report: TaskProgressCallback) -> Path:
    """The file that was given, else the one in the cache's folder "weights", else a download that is kept there.

    What is in the cache or downloaded has the published SHA-256; a file that was given may have another. Raises
    WeightsMissing with what is missing and how to get it.
    """
    if given is not None:
        if not given.is_file():
            raise WeightsMissing(f"there is no file {given}: {_how(published, given)}")
        return given
    kept = default_cache() / "weights" / published.name
    if kept.is_file() and file_sha256(kept) == published.sha256:
        return kept
    if not download:
        raise WeightsMissing(f"{published.name} is not here: {_how(published, kept)}")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        _download(published, kept, report)
    except (OSError, ValueError) as problem:  # urllib's errors are OSErrors, a URL that is none a ValueError
        raise WeightsMissing(f"{published.name} cannot be downloaded ({problem}): {_how(published, kept)}") from problem
    return kept


def _how(published: Published, path: Path) -> str:
    return f"download {published.url} ({published.megabytes} MB) where there is a network and put it there: {path}"


def _download(published: Published, path: Path, report: TaskProgressCallback) -> None:
    """Write the file whole and with the right hash, or nothing; raises OSError and ValueError."""
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=".unfinished-")
    try:
        with os.fdopen(handle, "wb") as file, urllib.request.urlopen(published.url, timeout=TIMEOUT_S) as answer:
            total = int(answer.headers.get("Content-Length") or 0)
            done = _copy(answer, file, published, total, report)
        if total and done != total:
            raise OSError(f"the connection ended after {done:,} of {total:,} bytes")
        if file_sha256(Path(part)) != published.sha256:
            raise OSError("its SHA-256 is not the published one")
        os.replace(part, path)
    finally:
        Path(part).unlink(missing_ok=True)


def _copy(answer: BinaryIO, file: BinaryIO, published: Published, total: int, report: TaskProgressCallback) -> int:
    done = 0
    while chunk := answer.read(CHUNK):
        file.write(chunk)
        done += len(chunk)
        report(f"downloading {published.name} from {published.url}", done, total)
    return done
