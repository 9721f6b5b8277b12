"""A folder in the cache for what one evaluation paints and sees: gone when it ends, however it ends.

What is killed cannot tidy up, so the next one does: a folder whose lock nobody holds any more is left over.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

PREFIX, LOCK = ".evaluation-", ".lock"


class CannotWrite(OSError):
    """The disk refuses what an evaluation keeps in the cache: no room, no right."""


@contextmanager
def workplace(parent: Path) -> Iterator[Path]:
    """An empty folder in `parent`, which is made if need be; raises CannotWrite.

    The system lets go of the locks of a process that is killed, so that what it left is known from what is in use.
    """
    with refused():
        parent.mkdir(parents=True, exist_ok=True)
        # Nobody looks for folders without a holder while this one has none yet.
        with FileLock(parent / LOCK):
            _clear(parent)
            folder = Path(tempfile.mkdtemp(dir=parent, prefix=PREFIX))
            held = FileLock(folder / LOCK)
            held.acquire()
    try:
        yield folder
    finally:
        held.release()  # what is open cannot be removed on Windows
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def refused() -> Iterator[None]:
    """Tell apart what the disk refuses here from every other OSError."""
    try:
        yield
    except OSError as error:
        raise CannotWrite(*error.args) from error


def _clear(parent: Path) -> None:
    """Remove what killed evaluations have left."""
    for folder in parent.glob(f"{PREFIX}*"):
        try:
            with FileLock(folder / LOCK, blocking=False):
                pass
        except OSError:  # a Timeout is one: another evaluation is at work, or has just ended and removed it itself
            continue
        shutil.rmtree(folder, ignore_errors=True)
