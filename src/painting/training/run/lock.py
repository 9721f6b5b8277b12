"""One training at a time in a run folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from painting.errors import TrainingError


@contextmanager
def locked(run: Path) -> Iterator[None]:
    """Hold a run folder while training in it; the system lets go of it however the process ends.

    Raises TrainingError where another process holds it.
    """
    run.mkdir(parents=True, exist_ok=True)
    with (run / ".lock").open("wb") as file:
        try:
            _lock(file.fileno())
        except OSError as error:
            raise TrainingError(f"Another process is training in {run}. Wait for it, or stop it first.") from error
        yield


def _lock(handle: int) -> None:
    try:
        import fcntl
    except ModuleNotFoundError:  # Windows
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
