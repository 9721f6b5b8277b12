"""What can be set about the server, each with its environment variable."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

from painting.errors import InvalidRequest

MOST_DIGITS = 9  # what the server counts with holds no more than 32 bits


@dataclass(frozen=True)
class Settings:
    """Limits and choices of one server; a field `most_waiting` is set by `PAINTING_MOST_WAITING`."""

    painter: str | None = None
    """Name or file of the painter; None is the default one."""
    cors_origin: str = "*"
    """Origin whose pages may read the thesis's route: one origin, `*` for any, empty for none."""
    most_waiting: int = 64
    """Requests that wait for the painter before further ones are turned away."""
    longest_url: int = 16_384
    """Characters of path and query that are read."""
    longest_body: int = 65_536
    """Bytes of a request's body that are read."""
    most_connections: int = 256
    """Connections served at a time; further ones wait in the system's queue."""
    header_seconds: int = 5
    """Seconds that a client has for sending a request's headers."""
    drain_seconds: int = 10
    """Seconds that requests already taken have for finishing after SIGTERM."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read settings from `PAINTING_…` variables; raises InvalidRequest on a number that is none."""
        variables = os.environ if environment is None else environment
        chosen: dict[str, str | int] = {}
        for field in fields(cls):
            name = f"PAINTING_{field.name.upper()}"
            if name in variables:
                number = isinstance(field.default, int)
                chosen[field.name] = _positive(name, variables[name]) if number else variables[name]
        return cls(**chosen)  # type: ignore[arg-type]  # each value was read as its field's type


def _positive(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS and int(text) > 0):
        raise InvalidRequest(
            f"{name} must be a whole number above 0 of at most {MOST_DIGITS} digits, not {text[:40]!r}"
        )
    return int(text)
