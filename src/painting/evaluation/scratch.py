"""Scratch folder of one evaluation for generated images and features, removed when it ends, however it ends.

What is killed cannot tidy up, so the next one does: a folder whose lock is free is left over.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from painting.data.array_cache import write_errors

SCRATCH_PREFIX = ".evaluation-"
LOCK_FILE = ".lock"


@contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """An empty folder in `parent`, which is made if need be; raises WriteError.

    The system lets go of the locks of a process that is killed, so that what it left is known from what is in use.
    """
    with write_errors():
        parent.mkdir(parents=True, exist_ok=True)
        # The parent's lock keeps others from clearing this folder while its own is not yet taken.
        with FileLock(parent / LOCK_FILE):
            _clear(parent)
            folder = Path(tempfile.mkdtemp(dir=parent, prefix=SCRATCH_PREFIX))
            lock = FileLock(folder / LOCK_FILE)
            lock.acquire()
    try:
        yield folder
    finally:
        lock.release()  # what is open cannot be removed on Windows
        shutil.rmtree(folder, ignore_errors=True)


def _clear(parent: Path) -> None:
    """Remove the scratch folders of killed evaluations."""
    for folder in parent.glob(f"{SCRATCH_PREFIX}*"):
        try:
            with FileLock(folder / LOCK_FILE, blocking=False):
                pass
        except OSError:  # a Timeout is one: another evaluation is at work, or has just ended and removed it itself
            continue
        shutil.rmtree(folder, ignore_errors=True)
