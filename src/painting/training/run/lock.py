"""A lock file: one training process at a time in a run folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from painting.errors import TrainingError


@contextmanager
def lock_run(run: Path) -> Iterator[None]:
    """Lock a run folder while training in it; the operating system releases the lock however the process ends.

    Raises TrainingError where another process holds the lock.
    """
    run.mkdir(parents=True, exist_ok=True)
    with (run / ".lock").open("wb") as file:
        try:
            _lock(file.fileno())
        except OSError as error:
            raise TrainingError(f"Another process is training in {run}: wait for it, or stop it.") from error
        yield


def _lock(handle: int) -> None:
    try:
        import fcntl
    except ModuleNotFoundError:  # Windows
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
