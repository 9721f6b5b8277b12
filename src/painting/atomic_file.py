"""Write a file so that a kill or a full disk leaves either the old file or the new one, never a part."""

import json
import os
from pathlib import Path
from typing import Any


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
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
