"""Sealed JSON: an object with the checksum of its other fields, so that a damaged file is never believed."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from painting.atomic_file import write_atomic

CHECKSUM_FIELD = "checksum"
CHECKSUM_LENGTH = 16
"""Hexadecimal digits of the SHA-256: against accidents, not against forgery."""


class DamagedJson(ValueError):
    """Bytes that are no sealed JSON object: cut short, changed, or of another form."""


def seal(values: Mapping[str, Any], indent: int | None = None) -> bytes:
    """The UTF-8 text of a JSON object with its checksum, and a line feed."""
    sealed = {**values, CHECKSUM_FIELD: _checksum(values)}
    return (json.dumps(sealed, indent=indent) + "\n").encode()


def unseal(content: bytes) -> dict[str, Any]:
    """The object without its checksum; raises DamagedJson."""
    try:
        values = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise DamagedJson("it is no JSON") from error
    if not isinstance(values, dict):
        raise DamagedJson("it is no JSON object")
    if values.pop(CHECKSUM_FIELD, None) != _checksum(values):
        raise DamagedJson("its checksum is another")
    return values


def write_sealed(path: Path, values: Mapping[str, Any]) -> None:
    """Write a JSON object with its checksum, whole or, on OSError, not at all."""
    write_atomic(path, seal(values, indent=2))


def read_sealed(path: Path) -> dict[str, Any]:
    """Read what `write_sealed` wrote; raises OSError, and DamagedJson where it is not that."""
    return unseal(path.read_bytes())


def _checksum(values: Mapping[str, Any]) -> str:
    # Of the values as they are read back, in one spelling: a tuple is a list, whatever the order of the keys.
    text = json.dumps(values, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:CHECKSUM_LENGTH]
