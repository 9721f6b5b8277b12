"""Write a file so that a kill or a full disk leaves either the old file or the new one, never a part."""

import os
from pathlib import Path


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
