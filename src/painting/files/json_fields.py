"""Untrusted JSON: strictly parsed, and fields of an object, each read with the type and range that it must have."""

import json
import math
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from painting.cleaning import clean_text
from painting.errors import PaintingError

MAX_RECORD_DEPTH = 20  # objects and lists inside each other; a stack bounds how deep they can be written again


def parse_strict_json(content: bytes | str) -> Any:
    """Parse JSON whose numbers any reader takes and whose objects name each field once; raises ValueError.

    NaN and Infinity are no JSON; 1e999 and a whole number of 400 digits are, but most readers make infinity of them.
    """
    try:
        return json.loads(
            content,
            parse_constant=_refuse_number,
            parse_float=_finite_float,
            parse_int=_finite_int,
            object_pairs_hook=_unique_fields,
        )
    except RecursionError as problem:
        raise ValueError("brackets without end") from problem


def _refuse_number(text: str) -> NoReturn:
    raise ValueError(f"{text[:20]} is no number of JSON that every reader takes")


def _finite_float(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse_number(text)


def _finite_int(text: str) -> int:
    _finite_float(text)
    return int(text)


def _unique_fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("an object has a field twice")
    return fields


class JsonFields:
    """Fields of a JSON object; a value of another type or range raises the error class that was given."""

    def __init__(self, content: bytes, source: str, error: type[PaintingError]) -> None:
        self.source = source
        self.error = error
        try:
            fields = parse_strict_json(content)
        except ValueError as problem:
            raise error(f"its {source} is not JSON: {problem}"[:200]) from problem
        if not isinstance(fields, dict):
            raise error(f"its {source} is not a JSON object")
        self._fields: dict[str, Any] = fields

    def version(self, known: int) -> None:
        """Check the format version."""
        found = self._fields.get("format_version")
        if type(found) is not int or found != known:
            raise self.error(f"it has format version {found!r:.40}; this version of painting reads {known}")

    def text(self, name: str, max_length: int = 100) -> str:
        """A text of 1 to `max_length` characters, all of them printable."""
        needed = f"a text of 1 to {max_length} characters"
        return str(self._get(name, needed, lambda value: _is_text(value, max_length)))

    def whole(self, name: str, maximum: int) -> int:
        """A whole number from 1 to `maximum`."""
        needed = f"a whole number from 1 to {maximum}"
        return int(self._get(name, needed, lambda value: type(value) is int and 1 <= value <= maximum))

    def number(self, name: str, least: float, most: float) -> float:
        """A number from `least` to `most`."""
        needed = f"a number from {least:g} to {most:g}"
        return float(self._get(name, needed, lambda value: _is_number(value) and least <= value <= most))

    def numbers(self, name: str, count: int | None, maximum: int) -> tuple[float, ...]:
        """A list of `count` finite numbers (None: of 1 to `maximum`)."""
        lengths = range(1, maximum + 1) if count is None else range(count, count + 1)
        needed = f"a list of {f'1 to {maximum}' if count is None else count} finite numbers"
        return tuple(map(float, self._get(name, needed, lambda value: _are_numbers(value, lengths))))

    def texts(self, name: str, maximum: int) -> tuple[str, ...]:
        """A list of at most `maximum` texts, each cleaned; without those of which nothing is left."""
        texts = self._get(name, f"a list of at most {maximum} texts", lambda value: _are_texts(value, maximum))
        return tuple(filter(None, (clean_text(text).text for text in texts)))

    def cleaned_texts(self, name: str, maximum: int) -> tuple[str, ...]:
        """A list of at most `maximum` texts that are clean already, so that each keeps its place."""
        needed = f"a list of at most {maximum} clean texts"
        return tuple(self._get(name, needed, lambda value: _are_texts(value, maximum) and all(map(_is_clean, value))))

    def flag(self, name: str) -> bool:
        """True or false; false where it is left out."""
        return not self.missing(name) and bool(self._get(name, "true or false", lambda value: type(value) is bool))

    def record(self, name: str) -> dict[str, Any]:
        """An object of any fields, whose names and texts are cleaned."""
        needed = f"an object, {MAX_RECORD_DEPTH} deep at most"
        value = self._get(name, needed, lambda value: isinstance(value, dict) and _depth(value) <= MAX_RECORD_DEPTH)
        return dict(_cleaned(value))

    def missing(self, name: str) -> bool:
        """Whether the field is left out or null."""
        return self._fields.get(name) is None

    def _get(self, name: str, needed: str, fits: Callable[[Any], bool]) -> Any:
        value = self._fields.get(name)
        if not fits(value):
            raise self.error(f"its {self.source} is not understood: '{name}' must be {needed}")
        return value


def _depth(value: object) -> int:
    """How many objects and lists are inside each other, counted as far as one beyond the limit."""
    level: list[object] = [value]
    for depth in range(MAX_RECORD_DEPTH + 1):
        level = [item for holder in level for item in _items(holder)]
        if not level:
            return depth
    return MAX_RECORD_DEPTH + 1


def _items(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value).text
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {clean_text(name).text: _cleaned(item) for name, item in value.items()}
    return value


def _is_text(value: object, max_length: int) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= max_length and value.isprintable()


def _are_texts(value: object, maximum: int) -> bool:
    return isinstance(value, list) and len(value) <= maximum and all(isinstance(item, str) for item in value)


def _is_clean(text: str) -> bool:
    return bool(text) and clean_text(text).text == text


def _are_numbers(value: object, lengths: range) -> bool:
    return isinstance(value, list) and len(value) in lengths and all(_is_number(item) for item in value)


def _is_number(value: object) -> bool:
    return type(value) in (int, float)
