"""Write a file so that a kill or a full disk leaves either the old file or the new one, never a part.

On Windows a file cannot be renamed or removed while another program, a viewer or a virus scanner, has it open.
"""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec

HELD_ERRORS = (5, 32)  # Windows' ERROR_ACCESS_DENIED and ERROR_SHARING_VIOLATION
RETRY_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8)  # before each further try
Arguments = ParamSpec("Arguments")


def write_json_atomic(path: Path, value: Any) -> None:
    """Write a value as JSON, whole or not at all; a file name in it that is no UTF-8 is read back as it was."""
    text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False)
    # Bytes that are no UTF-8 are surrogates in Python's names; their backslash escapes are JSON's own.
    write_atomic(path, (text + "\n").encode("utf-8", "backslashreplace"))


def write_atomic(path: Path, content: bytes) -> None:
    """Write a file whole or, on OSError, not at all: into a file beside it, which then takes its name."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # before the name says that it is whole
        rename(part, path)
    finally:
        remove(part)


def rename(path: Path, new: Path) -> None:
    """Rename a file, in the place of another one, or a folder; on Windows again while it is held. Raises OSError."""
    _retried(os.replace, path, new)


def remove(path: Path) -> None:
    """Remove a file if it is there; on Windows again while it is held. Raises OSError."""
    _retried(path.unlink, missing_ok=True)


def _retried(change: Callable[Arguments, object], *given: Arguments.args, **named: Arguments.kwargs) -> None:
    for seconds in RETRY_SECONDS:
        try:
            change(*given, **named)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in HELD_ERRORS:
                raise
            time.sleep(seconds)
        else:
            return
    change(*given, **named)
