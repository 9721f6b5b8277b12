"""Published weights: a given file, the cached one, or a download that is checked by its SHA-256."""

import os
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from painting.atomic_file import remove, rename
from painting.data.cache import default_cache
from painting.errors import error_reason
from painting.evaluation.extractors.base import WeightsMissing
from painting.files.archive import file_sha256
from painting.progress import TaskProgressCallback

WEIGHTS_FOLDER = "weights"
CHUNK_BYTES = 1 << 20
TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class PublishedFile:
    """A file of weights on the web."""

    name: str
    url: str
    sha256: str
    megabytes: int


def find_weights(published: PublishedFile, given: Path | None, download: bool, report: TaskProgressCallback) -> Path:
    """The given file, else the one in the cache's folder "weights", else a download that is kept there.

    A cached or downloaded file has the published SHA-256; a given one may have another. Raises WeightsMissing, whose
    message says what is missing and how to get it.
    """
    if given is not None:
        if not given.is_file():
            raise WeightsMissing(f"there is no file {given}: {_instructions(published, given)}")
        return given
    cached = default_cache() / WEIGHTS_FOLDER / published.name
    if cached.is_file() and file_sha256(cached) == published.sha256:
        return cached
    if not download:
        raise WeightsMissing(f"{published.name} is not here: {_instructions(published, cached)}")
    try:
        cached.parent.mkdir(parents=True, exist_ok=True)
        _download(published, cached, report)
    except (OSError, ValueError) as problem:  # urllib's errors are OSErrors, a malformed URL a ValueError
        raise WeightsMissing(
            f"{published.name} cannot be downloaded ({error_reason(problem)}): {_instructions(published, cached)}"
        ) from problem
    return cached


def _instructions(published: PublishedFile, path: Path) -> str:
    return f"download {published.url} ({published.megabytes} MB) where there is a network and put it there: {path}"


def _download(published: PublishedFile, path: Path, report: TaskProgressCallback) -> None:
    """Write the file whole and with the right hash, or nothing; raises OSError and ValueError."""
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=".unfinished-")
    try:
        with os.fdopen(handle, "wb") as file, urllib.request.urlopen(published.url, timeout=TIMEOUT_SECONDS) as answer:
            total = int(answer.headers.get("Content-Length") or 0)
            done = _copy(answer, file, published, total, report)
        if total and done != total:
            raise OSError(f"the connection ended after {done:,} of {total:,} bytes")
        if file_sha256(Path(part)) != published.sha256:
            raise OSError("its SHA-256 is not the published one")
        rename(Path(part), path)
    finally:
        remove(Path(part))


def _copy(answer: BinaryIO, file: BinaryIO, published: PublishedFile, total: int, report: TaskProgressCallback) -> int:
    """Copy an answer's body into a file; the bytes copied."""
    done = 0
    while chunk := answer.read(CHUNK_BYTES):
        file.write(chunk)
        done += len(chunk)
        report(f"downloading {published.name} from {published.url}", done, total)
    return done
