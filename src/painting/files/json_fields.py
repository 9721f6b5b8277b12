"""Read a JSON object without trusting it: every field is asked for with the kind and range that it must have."""

import json
import math
from collections.abc import Callable
from typing import Any

from painting.errors import PaintingError


class JsonFields:
    """A JSON object's fields; whatever does not fit raises the error that was named."""

    def __init__(self, content: bytes, source: str, error: type[PaintingError]) -> None:
        self.source, self.error = source, error
        try:
            fields = json.loads(content)
        except (ValueError, RecursionError) as problem:
            raise error(f"its {source} is not JSON") from problem
        if not isinstance(fields, dict):
            raise error(f"its {source} is not a JSON object")
        self._fields: dict[str, Any] = fields

    def version(self, known: int) -> None:
        """Check the format version."""
        found = self._fields.get("format_version")
        if type(found) is not int or found != known:
            raise self.error(f"it has format version {found!r:.40}; this version of painting reads {known}")

    def text(self, name: str, longest: int = 100) -> str:
        """A text of 1 to `longest` characters, all of them printable."""
        needed = f"a text of 1 to {longest} characters"
        return str(self._get(name, needed, lambda value: _is_text(value, longest)))

    def whole(self, name: str, most: int) -> int:
        """A whole number from 1 to `most`."""
        needed = f"a whole number from 1 to {most}"
        return int(self._get(name, needed, lambda value: type(value) is int and 1 <= value <= most))

    def numbers(self, name: str, count: int | None, most: int) -> tuple[float, ...]:
        """A list of `count` finite numbers (None: of 1 to `most`)."""
        lengths = range(1, most + 1) if count is None else range(count, count + 1)
        needed = f"a list of {f'1 to {most}' if count is None else count} finite numbers"
        return tuple(map(float, self._get(name, needed, lambda value: _are_numbers(value, lengths))))

    def texts(self, name: str, most: int, longest: int) -> tuple[str, ...]:
        """A list of at most `most` texts of 1 to `longest` characters."""
        needed = f"a list of at most {most} texts of 1 to {longest} characters"
        return tuple(self._get(name, needed, lambda value: _are_texts(value, most, longest)))

    def flag(self, name: str) -> bool:
        """True or false; false where it is left out."""
        return not self.missing(name) and bool(self._get(name, "true or false", lambda value: type(value) is bool))

    def record(self, name: str) -> dict[str, Any]:
        """An object of any fields."""
        return dict(self._get(name, "an object", lambda value: isinstance(value, dict)))

    def missing(self, name: str) -> bool:
        """Whether the field is left out or null."""
        return self._fields.get(name) is None

    def _get(self, name: str, needed: str, fits: Callable[[Any], bool]) -> Any:
        value = self._fields.get(name)
        if not fits(value):
            raise self.error(f"its {self.source} is not understood: '{name}' must be {needed}")
        return value


def _is_text(value: object, longest: int) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= longest and value.isprintable()


def _are_texts(value: object, most: int, longest: int) -> bool:
    return isinstance(value, list) and len(value) <= most and all(_is_text(item, longest) for item in value)


def _are_numbers(value: object, lengths: range) -> bool:
    return isinstance(value, list) and len(value) in lengths and all(_is_number(item) for item in value)


def _is_number(value: object) -> bool:
    try:
        return type(value) in (int, float) and math.isfinite(value)  # type: ignore[arg-type]
    except OverflowError:  # a whole number beyond all floats
        return False
