"""The cache folder of prepared data: where it is, the keys of its files, and what to do where it cannot be written."""

import hashlib
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

from painting.atomic_file import remove
from painting.errors import DataError

UNFINISHED_PREFIX = ".unfinished-"
_UNFINISHED_SECONDS = 86_400


def default_cache() -> Path:
    """The cache folder: `$PAINTING_CACHE`, else `~/.cache/painting`; raises DataError without a home folder."""
    chosen = os.environ.get("PAINTING_CACHE")
    if chosen:
        return Path(chosen)
    try:
        return Path.home() / ".cache" / "painting"
    except RuntimeError as error:
        raise DataError("you have no home folder to keep the cache in: set PAINTING_CACHE to a folder") from error


def digest(*parts: object) -> str:
    """The SHA-256 of the parts' texts in this order: 64 hexadecimal digits."""
    # Each with its length before it, so that ("ab", "c") and ("a", "bc") differ.
    lines = "".join(f"{len(text)}:{text}\n" for text in map(str, parts))
    return hashlib.sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()


def cache_write_error(cache: Path, error: OSError) -> DataError:
    """The error for a cache that cannot be written, to be raised from the OSError that says why."""
    reason = error.strerror or str(error)
    return DataError(
        f"the cache '{cache}' cannot be written ({reason}); make room or set PAINTING_CACHE to another folder"
    )


def remove_unfinished(folder: Path, *, at_once: bool = False) -> None:
    """Remove what killed processes left unfinished in a folder: files and folders of a day ago, or of any age."""
    for path in folder.glob(f"{UNFINISHED_PREFIX}*"):
        with suppress(FileNotFoundError):  # another process may remove it, or give it its name, meanwhile
            # Younger ones may be in the making by another process.
            if at_once or time.time() - path.stat().st_mtime > _UNFINISHED_SECONDS:
                _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        remove(path)
